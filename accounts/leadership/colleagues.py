"""Help a colleague who cannot sign in: another address, and the end of all sign-ins (AU-2, AU-6)."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models.people import StaffMember, User
from accounts.profile.email_change import set_address
from accounts.sessions.devices import end_all_sessions
from accounts.staff.accounts import NoAccount
from accounts.staff.governor_guard import TakesTwo
from accounts.staff.mfa_reset import NoReason
from accounts.staff.rules import HeadsRecord, NotLeader, is_own_record, may_change_staff
from malpas.lib.errors import RuleViolation


class OwnAccount(RuleViolation):
    sentence = _("Your own address and devices are on the pages of your account.")


class HeadsAddress(RuleViolation):
    sentence = _(
        "Nobody else changes the head teacher’s address: it takes a code to the old and the new one. Is the old one "
        "lost? Then whoever runs the server helps."
    )


class AddressChanged(RuleViolation):
    sentence = _(
        "Their address has changed since you opened the page. Nothing was done. Please check it again."
    )


def check_may_help(staff: StaffMember, *, by: Actor) -> None:
    """Raise what forbids this leader to help with the account: NotLeader, NoAccount, OwnAccount, TakesTwo."""
    if not by.is_slt:
        raise NotLeader
    if staff.user_id is None:
        raise NoAccount
    if is_own_record(by, staff):
        raise OwnAccount
    if staff.is_governor:
        raise TakesTwo


def _locked(staff: StaffMember) -> StaffMember:
    return StaffMember.objects.select_for_update(of=("self",)).select_related("user").get(pk=staff.pk)


def _account(staff: StaffMember) -> User:
    assert staff.user is not None
    return staff.user


@transaction.atomic
def replace_address(staff: StaffMember, address: str, *, seen: str, reason: str, by: Actor) -> None:
    """Give a colleague's account another address, when they have lost the old one (AU-2).

    They are signed out everywhere, and both addresses are notified. `seen`: the address that the page showed. A repeat
    changes nothing. Raises what `check_may_help` raises, HeadsAddress, NoReason, AddressChanged, AddressTaken.
    """
    row = _locked(staff)
    check_may_help(row, by=by)
    if row.is_head:
        raise HeadsAddress
    if not reason.strip():
        raise NoReason
    user = _account(row)
    if (user.email or "") == address.lower():
        return
    if (user.email or "") != seen:
        raise AddressChanged
    set_address(user, address.lower(), by=by, reason=reason.strip())


@transaction.atomic
def sign_out_everywhere(staff: StaffMember, *, reason: str, by: Actor) -> None:
    """End all sign-ins of a colleague's account (AU-6).

    Raises what `check_may_help` raises, HeadsRecord, NoReason.
    """
    row = _locked(staff)
    check_may_help(row, by=by)
    if not may_change_staff(by, row):
        raise HeadsRecord
    if not reason.strip():
        raise NoReason
    end_all_sessions(_account(row), by=by, reason=reason.strip())
