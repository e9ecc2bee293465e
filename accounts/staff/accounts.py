"""Give a staff member an account by an invitation (AU-6, AU-8)."""

import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.people import StaffMember, User
from accounts.models.staff_invitations import StaffInvitation
from accounts.notify.outbox import queue_mail
from accounts.notify.recheck import revoke_notifications
from accounts.sessions.devices import end_all_sessions
from accounts.staff.governor_guard import TakesTwo
from accounts.staff.mfa_reset import NoReason
from accounts.staff.notifications import notify_of_account
from accounts.staff.rules import NotLeader, check_may_change, check_works_here
from accounts.staff.services import HeadStays, check_leader_stays, roles_of
from malpas.lib.dates import end_of_day
from malpas.lib.errors import RuleViolation

LIFE = timedelta(days=7)


class InvitationOver(RuleViolation):
    sentence = gettext_lazy("This invitation no longer works. Please ask a senior leader for a new one.")


class NotYourInvitation(RuleViolation):
    sentence = gettext_lazy(
        "This invitation was sent to another e-mail address. Please sign in with the account of that address."
    )


class OwnInvitation(RuleViolation):
    sentence = gettext_lazy("Nobody invites themselves: another senior leader does this for you.")


class AlreadyStaff(RuleViolation):
    sentence = gettext_lazy(
        "The account of this e-mail address belongs to another member of staff already. One account is for one person."
    )


class HasAccount(RuleViolation):
    sentence = gettext_lazy("This member of staff has an account already.")


class NotAPersons(RuleViolation):
    sentence = gettext_lazy(
        "This is the address of a class account. A member of staff has an account of their own."
    )


class InvitedMeanwhile(RuleViolation):
    sentence = gettext_lazy(
        "The invitation has changed since you opened the page. Nothing was sent. Please check it again."
    )


class RolesChanged(RuleViolation):
    sentence = gettext_lazy("What this opens has changed since you opened the page. Please read it again.")


class NoAccount(RuleViolation):
    sentence = gettext_lazy("This member of staff has no account.")


def hash_token(token: str) -> str:
    """Return what is stored of the token in a mailed link."""
    return salted_hmac("accounts.staff.invitation_link", token, algorithm="sha256").hexdigest()


def _lock(staff: StaffMember) -> StaffMember:
    return StaffMember.objects.select_for_update(of=("self",)).select_related("user").get(pk=staff.pk)


def _check_address(address: str, by: Actor) -> User | None:
    """Return the account of the address, if there is one. Raises OwnInvitation, NotAPersons, AlreadyStaff."""
    found = User.objects.filter(email__iexact=address).first()
    if found and found.pk == by.user.pk:
        raise OwnInvitation
    if found and not Actor(found).is_personal:
        raise NotAPersons
    if found and StaffMember.objects.filter(user=found).exists():
        raise AlreadyStaff
    return found


@transaction.atomic
def invite_staff(staff: StaffMember, address: str, *, by: Actor, at: datetime) -> StaffInvitation:
    """Mail an invitation to this address; an earlier open one ends (AU-6).

    Raises NotLeader, HeadsRecord, StaffDeparted, HasAccount, TakesTwo, OwnInvitation, NotAPersons,
    AlreadyStaff.
    """
    row = _lock(staff)
    check_may_change(by, row)
    check_works_here(row, localtime(at).date())
    if row.user_id:
        raise HasAccount
    if row.is_governor:
        raise TakesTwo
    account = _check_address(address, by)
    row.invitations.unanswered().update(withdrawn_at=at)
    token = secrets.token_urlsafe(32)
    made = StaffInvitation.objects.create(
        staff=row,
        address=address.lower(),
        token_hash=hash_token(token),
        sent_by=by.staff,
        sent_at=at,
        expires_at=end_of_day(at + LIFE),
    )
    record("staff_invitation.sent", by=by, about=row, invitation=made.pk)
    _mail_link(made, token, account)
    return made


@transaction.atomic
def invite_once(
    staff: StaffMember, address: str, *, seen: int | None, by: Actor, at: datetime
) -> StaffInvitation:
    """Send an invitation in place of `seen`, the id of the one that the page showed, or None.

    A repeat returns the first result. Raises InvitedMeanwhile when somebody else was quicker, and what
    `invite_staff` raises.
    """
    row = _lock(staff)
    check_may_change(by, row)
    found = row.invitations.unanswered().first()
    if (found.pk if found else None) == seen:
        return invite_staff(staff, address, by=by, at=at)
    if found and found.address == address.lower() and found.sent_by == by.staff:
        return found
    raise InvitedMeanwhile


def _mail_link(invitation: StaffInvitation, token: str, account: User | None) -> None:
    link = f"{settings.PUBLIC_URL}{reverse('staff_invitation_link', args=[token])}"
    with override(account.language if account else get_language()):
        known = {
            "leader": invitation.sent_by,
            "name": invitation.staff,
            "day": date_format(localtime(invitation.expires_at), "j F Y"),
        }
        words = _(
            "%(leader)s has listed you in the school’s portal as %(name)s, a member of staff. "
            "Open this link and say that it is you:"
        )
        closing = _(
            "It works once, until %(day)s, and only with the account of this e-mail address. Is this not you? "
            "Then leave it alone, and tell the Main Office."
        )
        queue_mail(
            address=invitation.address,
            subject=_("Your account as a member of staff"),
            body=f"{words % known}\n\n{link}\n\n{closing % known}\n",
            user=account,
        )


@transaction.atomic
def withdraw_staff_invitation(staff: StaffMember, *, by: Actor, at: datetime) -> bool:
    """End this staff member's open link; return False when there is none."""
    row = _lock(staff)
    check_may_change(by, row)
    ended = row.invitations.unanswered().update(withdrawn_at=at)
    if ended:
        record("staff_invitation.withdrawn", by=by, about=row)
    return bool(ended)


@transaction.atomic
def accept_staff_invitation(
    invitation: StaffInvitation, *, roles: list[str], by: Actor, at: datetime, keep: str = ""
) -> StaffMember:
    """Make the account of `by` that staff member's; notify leaders (AU-8).

    It is signed out elsewhere. `roles`: those that the page showed. `keep`: key of the session that goes
    on, signed in anew by the caller. A repeat finds the first result. Raises InvitationOver,
    NotYourInvitation, AlreadyStaff, RolesChanged.
    """
    staff = _lock(invitation.staff)
    if staff.user_id == by.user.pk:
        return staff
    row = staff.invitations.open().select_for_update(of=("self",)).filter(pk=invitation.pk).first()
    if row is None or staff.user_id or staff.is_governor:
        raise InvitationOver
    user = User.objects.select_for_update(no_key=True).get(pk=by.user.pk)
    if not is_for(row, user):
        raise NotYourInvitation
    if StaffMember.objects.filter(user=user).exists():
        raise AlreadyStaff
    if roles != roles_of(staff):
        raise RolesChanged
    StaffInvitation.objects.filter(pk=row.pk).update(accepted_at=at, accepted_by=user)
    StaffMember.objects.filter(pk=staff.pk).update(user=user)
    staff.user = user
    record("staff.account_accepted", by=Actor(user, staff), about=staff, invitation=row.pk)
    end_all_sessions(user, by=Actor(user, staff), keep=keep)
    notify_of_account(staff, at=at)
    return staff


def is_for(invitation: StaffInvitation, user: User) -> bool:
    """Return whether the link was mailed to this person's verified address."""
    address = invitation.address
    verified = EmailAddress.objects.filter(user=user, email__iexact=address, verified=True).exists()
    own = (user.email or "").lower() == address.lower()
    return Actor(user).is_personal and own and verified


@transaction.atomic
def give_account_by_server(staff: StaffMember, user: User, *, at: datetime) -> None:
    """Give an account to a staff member by a server command.

    Raises HasAccount, AlreadyStaff, NotAPersons.
    """
    row = _lock(staff)
    if row.user_id:
        raise HasAccount
    if not Actor(user).is_personal:
        raise NotAPersons
    if StaffMember.objects.filter(user=user).exists():
        raise AlreadyStaff
    row.invitations.unanswered().update(withdrawn_at=at)
    StaffInvitation.objects.create(
        staff=row, address=user.email or "", sent_at=at, expires_at=at, accepted_by=user, accepted_at=at
    )
    StaffMember.objects.filter(pk=row.pk).update(user=user)
    staff.user = user
    record("staff.account_given", by=None, about=row)


@transaction.atomic
def end_staff_account(staff: StaffMember, *, by: Actor, reason: str, at: datetime) -> None:
    """Separate the account from a staff member.

    Its owner keeps it, say as a parent. Raises NotLeader, NoReason, NoAccount, OwnInvitation, HeadStays,
    TakesTwo, LastLeader.
    """
    if not by.is_slt:
        raise NotLeader
    if not reason.strip():
        raise NoReason
    row = _lock(staff)
    if row.user is None:
        raise NoAccount
    if row.user.pk == by.user.pk:
        raise OwnInvitation
    if row.is_head:
        raise HeadStays
    if row.is_governor:
        raise TakesTwo
    check_leader_stays(row)
    revoke_notifications([row.user.pk])
    row.invitations.in_force().update(ended_at=at)
    StaffMember.objects.filter(pk=row.pk).update(user=None)
    end_all_sessions(row.user, by=by)
    record("staff.account_ended", by=by, about=row, reason=reason.strip())
