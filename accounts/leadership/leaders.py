"""Create or restore a leader by a command on the server.

For when nobody can sign in.
"""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import restore_access
from accounts.actor import Actor
from accounts.audit import record
from accounts.models.people import StaffMember, User
from accounts.profile.email_change import set_address
from accounts.sessions.devices import end_all_sessions
from accounts.staff.accounts import AlreadyStaff, NotAPersons, give_account_by_server
from accounts.staff.mfa_reset import reset_mfa
from accounts.staff.services import hand_over_head
from malpas.lib.errors import RuleViolation


class ForeignAccount(RuleViolation):
    sentence = _(
        "There is an account with this address already, of somebody who is no member of staff. "
        "Is it really the leader’s own? Then add --existing-account."
    )


class AnotherAddress(RuleViolation):
    sentence = _(
        "This member of staff has an account with another address. To replace it, add --new-address."
    )


class SeveralOfThisName(RuleViolation):
    sentence = _("There is more than one member of staff of this name. Change one of the names first.")


class HeadExists(RuleViolation):
    sentence = _(
        "There is a head teacher already: %(name)s. To put this person in their place, add --hand-over."
    )


@dataclass(frozen=True)
class LeaderRequest:
    """The command's arguments; the flags confirm what cannot be guessed."""

    address: str
    title: str
    forename: str
    surname: str
    office: bool = False
    head: bool = False
    hand_over: bool = False
    existing_account: bool = False
    new_address: bool = False
    lost_mfa: bool = False


@transaction.atomic
def add_leader(wanted: LeaderRequest, *, at: datetime) -> tuple[StaffMember, list[str]]:
    """Create or restore a leader.

    Return them and what was done, in verbs. Raises ForeignAccount, AlreadyStaff, NotAPersons,
    AnotherAddress, SeveralOfThisName, HeadExists.
    """
    account = User.objects.filter(email__iexact=wanted.address).first()
    row, done = _row_of(wanted, account), []
    if row is None:
        row = StaffMember.objects.create(title=wanted.title, forename=wanted.forename, surname=wanted.surname)
        record("staff.added", by=None, about=row)
        done.append("added")
    done += _open_account(row, wanted, account, at)
    done += _restore_role(row, wanted)
    if wanted.head and not row.is_head:
        _make_head(row, wanted, at)
        done.append("head")
    if wanted.lost_mfa and row.user and Authenticator.objects.filter(user=row.user).exists():
        reset_mfa(row.user, by=None, reason="add_leader --lost-mfa")
        done.append("mfa")
    return row, done


def _row_of(wanted: LeaderRequest, account: User | None) -> StaffMember | None:
    """Return the member of staff of this account, or else of this name."""
    if account and not Actor(account).is_personal:
        raise NotAPersons
    same = StaffMember.objects.select_for_update()
    named = same.filter(forename__iexact=wanted.forename, surname__iexact=wanted.surname)
    own = same.filter(user=account).first() if account else None
    if own:
        if own not in list(named):
            raise AlreadyStaff
        return own
    if len(named) > 1:
        raise SeveralOfThisName
    return named[0] if named else None


def _open_account(row: StaffMember, wanted: LeaderRequest, account: User | None, at: datetime) -> list[str]:
    """Connect the member of staff with the address's account, and reopen it."""
    if row.user_id and account is None:
        if not wanted.new_address:
            raise AnotherAddress
        set_address(User.objects.get(pk=row.user_id), wanted.address, by=None)
        row.user = User.objects.get(pk=row.user_id)
        return ["address", *_restore_sign_in(row.user)]
    if account is None:
        account = User.objects.create_user(email=wanted.address, name=row.signature)
        EmailAddress.objects.create(user=account, email=wanted.address, verified=True, primary=True)
    elif not row.user_id and not wanted.existing_account:
        raise ForeignAccount
    elif row.user_id and row.user_id != account.pk:
        raise AnotherAddress
    if row.user_id:
        row.user = account
        return _restore_sign_in(account)
    give_account_by_server(row, account, at=at)
    end_all_sessions(account, by=None)
    return ["account", *_restore_sign_in(account)]


def _restore_sign_in(account: User) -> list[str]:
    """Undo a removal, a closed account and an unconfirmed address."""
    done = []
    if account.removed_at or not account.is_active:
        User.objects.filter(pk=account.pk).update(is_active=True)
        restore_access(account, by=None)
        done.append("access")
    EmailAddress.objects.filter(user=account, email__iexact=account.email).update(verified=True)
    return done


def _restore_role(row: StaffMember, wanted: LeaderRequest) -> list[str]:
    role = "is_office" if wanted.office else "is_slt"
    done = ["returned"] if row.left_on or row.leaves_on else []
    given = [] if getattr(row, role) else [role]
    if done or given:
        row.left_on = row.leaves_on = None
        setattr(row, role, True)
        row.save(update_fields=["left_on", "leaves_on", role])
        record("roles.changed", by=None, about=row, given=given, taken=[], returned=bool(done))
    return done + given


def _make_head(row: StaffMember, wanted: LeaderRequest, at: datetime) -> None:
    before = StaffMember.objects.heads().first()
    if before and not wanted.hand_over:
        raise HeadExists(HeadExists.sentence % {"name": before})
    hand_over_head(row, by=None, at=at)
