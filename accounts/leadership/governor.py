"""Two senior leaders, or the server, change who the governor is and how they sign in (PA-7)."""

from datetime import datetime, timedelta

from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.actor import Actor
from accounts.audit import record
from accounts.enums import GovernorChangeKind, GovernorChangeState
from accounts.models.audit import AuditEntry
from accounts.models.governor import GovernorChange
from accounts.models.people import StaffMember, User
from accounts.notify.outbox import queue_mail
from accounts.profile.email_change import AddressTaken, is_taken, set_address
from accounts.sign_in.openid_services import end_provider
from accounts.staff.mfa_reset import NoReason, reset_mfa
from accounts.staff.notifications import notify_of_proposal, notify_of_roles
from malpas.lib.errors import RuleViolation

Kind, State = GovernorChangeKind, GovernorChangeState
SETTLED = timedelta(
    weeks=4
)  # by then a leader appointed for this, or a colleague's account taken over, is noticed
OFFERED = {False: (Kind.NAME,), True: (Kind.END, Kind.ADDRESS, Kind.MFA, Kind.PROVIDER)}


class NotOneOfTwo(RuleViolation):
    sentence = gettext_lazy(
        "Two other senior leaders do this: not the head teacher, not the governor, and nobody whose role or sign-in "
        "somebody else has changed in the last four weeks. Where the school has no two, whoever runs the server does."
    )


class SameLeader(RuleViolation):
    sentence = gettext_lazy("You have proposed this yourself. Another senior leader confirms it.")


class NotOffered(RuleViolation):
    sentence = gettext_lazy("This cannot be changed for this person now.")


class ProposedAlready(RuleViolation):
    sentence = gettext_lazy("This is proposed already. Another senior leader can confirm it.")


class ChangedMeanwhile(RuleViolation):
    sentence = gettext_lazy(
        "The person’s account has changed since this was proposed. Please propose it again."
    )


class DecidedMeanwhile(ChangedMeanwhile):
    sentence = gettext_lazy("Somebody has decided this in the meantime. Please check it again.")


def _is_settled(leader: StaffMember, at: datetime) -> bool:
    """Return whether nobody else changed their role or sign-in lately.

    Lately is within four weeks.
    """
    about_them = Q(about=f"{StaffMember._meta.label_lower}:{leader.pk}") & (
        Q(verb="roles.changed", detail__given__contains="is_slt") | Q(verb="staff_invitation.sent")
    )
    about_sign_in = Q(
        about=f"{User._meta.label_lower}:{leader.user_id}", verb__in=["address.changed", "mfa.reset"]
    )
    lately = AuditEntry.objects.filter(about_them | about_sign_in, at__gt=at - SETTLED)
    return not lately.exclude(user=leader.user_id).exclude(user__isnull=True).exists()


def may_take_part(by: Actor, staff: StaffMember, *, at: datetime) -> bool:
    """Return whether this leader may be one of the two (PA-7).

    Two queries.
    """
    leader = by.staff
    if leader is None or not by.is_slt or leader.is_head or leader.pk == staff.pk or leader.left_on:
        return False
    return by.user.pk != staff.user_id and _is_settled(leader, at)


def is_offered_for(staff: StaffMember) -> bool:
    """Return whether two leaders can change anything of this person: they have an account and are not the head."""
    return staff.user_id is not None and not staff.left_on and not staff.is_head


def open_changes(staff: StaffMember) -> QuerySet[GovernorChange]:
    """Return what is proposed for this person, oldest first."""
    found = GovernorChange.objects.filter(staff=staff, state=State.OPEN)
    return found.select_related("proposed_by")


def _check(staff: StaffMember, kind: str, address: str) -> None:
    if kind not in OFFERED[staff.is_governor] or not is_offered_for(staff):
        raise NotOffered
    if (
        kind == Kind.NAME and staff.leaves_on
    ):  # on that day no worker could end their work: it takes two leaders
        raise NotOffered
    if kind == Kind.ADDRESS and (not address or is_taken(address)):
        raise AddressTaken if address else NotOffered


def _locked(staff: StaffMember) -> StaffMember:
    rows = StaffMember.objects.select_for_update(of=("self",)).select_related("user")
    return rows.get(pk=staff.pk)


@transaction.atomic
def propose_change(
    staff: StaffMember, kind: str, *, reason: str, by: Actor, at: datetime, address: str = ""
) -> GovernorChange:
    """Propose a change of the governor, for another leader to confirm.

    `address` is the new one of kind ADDRESS; for NAME the person's own is stored, so that both leaders mean
    the same account. A repeat returns the first result. Raises NotOneOfTwo, NotOffered, NoReason, AddressTaken,
    ProposedAlready.
    """
    row, leader = _locked(staff), by.staff
    if leader is None or not may_take_part(by, row, at=at):
        raise NotOneOfTwo
    if not reason.strip():
        raise NoReason
    _check(row, kind, address)
    stored_address = address if kind == Kind.ADDRESS else str((row.user and row.user.email) or "")
    facts = {"kind": kind, "address": stored_address, "reason": reason.strip(), "proposed_by": leader}
    try:
        with transaction.atomic():
            change = GovernorChange.objects.create(staff=row, proposed_at=at, **facts)
    except IntegrityError:
        if repeated := GovernorChange.objects.filter(staff=row, state=State.OPEN, **facts).first():
            return repeated
        raise ProposedAlready from None
    record("governor.proposed", by=by, about=row, kind=kind, reason=reason.strip())
    _notify_governor(row, kind, by=by)
    notify_of_proposal(row, str(change), key=str(change.pk), by=leader, at=at)
    return change


@transaction.atomic
def confirm_change(change: GovernorChange, *, by: Actor, at: datetime) -> None:
    """Carry out what another leader proposed; a repeat changes nothing.

    Raises NotOneOfTwo, SameLeader, DecidedMeanwhile, ChangedMeanwhile, NotOffered.
    """
    row = _locked(change.staff)
    locked = GovernorChange.objects.select_for_update(of=("self",)).select_related("proposed_by__user")
    fresh = locked.get(pk=change.pk)
    first = fresh.proposed_by
    if fresh.state == State.DONE and by.staff is not None and fresh.confirmed_by_id == by.staff.pk:
        return
    if not may_take_part(by, row, at=at) or first is None or first.user is None:
        raise NotOneOfTwo
    if first == by.staff:
        raise SameLeader
    if fresh.state != State.OPEN:
        raise DecidedMeanwhile
    if not may_take_part(Actor(first.user, first), row, at=at):
        raise ChangedMeanwhile
    _check(row, fresh.kind, fresh.address)
    if fresh.kind != Kind.ADDRESS and row.user and row.user.email != fresh.address:
        raise ChangedMeanwhile
    fresh.state, fresh.confirmed_by, fresh.decided_at = State.DONE, by.staff, at
    fresh.save(update_fields=["state", "confirmed_by", "decided_at"])
    _carry_out(row, fresh, by=by, at=at)


@transaction.atomic
def withdraw_change(change: GovernorChange, *, by: Actor, at: datetime) -> None:
    """End a proposal; a repeat changes nothing.

    Any senior leader but the head may, and the governor. Raises PermissionDenied, DecidedMeanwhile for what was
    carried out.
    """
    is_leader = by.is_slt and by.staff is not None and not by.staff.is_head
    if not (is_leader or by.user.pk == change.staff.user_id):
        raise PermissionDenied
    still_open = GovernorChange.objects.filter(pk=change.pk, state=State.OPEN)
    if still_open.update(state=State.WITHDRAWN, decided_at=at):
        record("governor.withdrawn", by=by, about=change.staff, kind=change.kind)
    elif not GovernorChange.objects.filter(pk=change.pk, state=State.WITHDRAWN).exists():
        raise DecidedMeanwhile


@transaction.atomic
def change_on_server(staff: StaffMember, kind: str, *, reason: str, at: datetime, address: str = "") -> None:
    """Carry out a change by a command on the server, where the school has no two leaders who may.

    Raises NotOffered, NoReason, AddressTaken.
    """
    row = _locked(staff)
    if not reason.strip():
        raise NoReason
    _check(row, kind, address)
    facts = {"kind": kind, "address": address, "reason": reason.strip(), "state": State.DONE}
    change = GovernorChange.objects.create(staff=row, proposed_at=at, decided_at=at, **facts)
    _carry_out(row, change, by=None, at=at)


def _carry_out(row: StaffMember, change: GovernorChange, *, by: Actor | None, at: datetime) -> None:
    user = row.user
    assert user is not None
    record("governor.changed", by=by, about=row, kind=change.kind, reason=change.reason)
    if change.kind in (Kind.NAME, Kind.END):
        _set_role(row, change.kind == Kind.NAME, by=by, at=at)
    elif change.kind == Kind.ADDRESS:
        set_address(user, change.address, by=by, reason=change.reason)
    elif change.kind == Kind.MFA:
        reset_mfa(user, by=by, reason=change.reason)
    elif change.kind == Kind.PROVIDER:
        for connection in SocialAccount.objects.filter(user=user):
            end_provider(connection, by=by)


def _set_role(row: StaffMember, is_governor: bool, *, by: Actor | None, at: datetime) -> None:
    row.is_governor = is_governor
    row.save(update_fields=["is_governor"])
    given, taken = (["is_governor"], []) if is_governor else ([], ["is_governor"])
    record("roles.changed", by=by, about=row, given=given, taken=taken)
    notify_of_roles(row, given, taken, by=by.staff if by else None, at=at)


def _notify_governor(row: StaffMember, kind: str, *, by: Actor) -> None:
    """Mail the governor, at their present address, the proposed change."""
    user = row.user
    assert user is not None and by.staff is not None
    with override(user.language):
        body = _(
            "%(name)s proposes in the school’s portal: %(person)s %(change)s. It happens when a second senior leader "
            "confirms it.\n\nDoes this surprise you? Then ask the chair of governors at once.\n"
        )
        facts = {"name": by.staff.signature, "person": row.signature, "change": Kind(kind).label}
        queue_mail(
            address=str(user.email),
            subject=_("A change of your sign-in is proposed"),
            body=body % facts,
            user=user,
        )
