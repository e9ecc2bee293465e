"""End somebody's work with a date, once a leader has read what ends, and bring them back (F36)."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import hooks
from accounts.actor import Actor
from accounts.audit import record
from accounts.models.people import StaffMember
from accounts.sessions.queries import signed_in_devices
from accounts.staff.rules import check_may_change
from accounts.staff.services import HeadStays, change_staff, roles_of, withdraw_pending_of
from malpas.lib.errors import RuleViolation


class Ends(NamedTuple):
    """What ends with somebody's work, in numbers; `waiting`: messages and stories that wait to go out."""

    devices: int
    classes: int
    waiting: int
    invitations: int


class EndUnconfirmed(RuleViolation):
    """Raised with what would end."""

    sentence = gettext_lazy("Please confirm what ends.")

    def __init__(self, ends: Ends) -> None:
        self.ends = ends
        super().__init__()


class LeftAlready(RuleViolation):
    def __init__(self, day: date) -> None:
        """Say since when they have left."""
        known = {"day": date_format(day, "j F Y")}
        super().__init__(_("They have left already, on %(day)s. Bring them back first.") % known)


class DayChanged(RuleViolation):
    sentence = gettext_lazy(
        "Somebody else has entered another leaving day in the meantime. Nothing was done. Please check it again."
    )


class ReturnUnconfirmed(RuleViolation):
    sentence = gettext_lazy("What opens again has changed since you opened the page. Please read it again.")


def leaving_day(staff: StaffMember) -> date | None:
    """Return the day from which they no longer work here, past or to come."""
    return staff.left_on or staff.leaves_on


def _locked(staff: StaffMember) -> StaffMember:
    return StaffMember.objects.select_for_update(of=("self",)).select_related("user").get(pk=staff.pk)


def _what_ends(staff: StaffMember, at: datetime) -> Ends:
    with transaction.atomic():
        waiting = withdraw_pending_of(staff, at)
        transaction.set_rollback(True)  # it was only counted
    return Ends(
        devices=len(signed_in_devices(staff.user, "", at=at)) if staff.user else 0,
        classes=sum(len(each.get(staff.pk, [])) for each in hooks.classes_of_staff.call_all([staff.pk])),
        waiting=waiting,
        invitations=staff.invitations.open().count(),
    )


@transaction.atomic
def end_work(
    staff: StaffMember, day: date, *, seen: date | None, ends: Ends | None, by: Actor, at: datetime
) -> None:
    """End somebody's work on this day of London: now, if it is today or past.

    `seen`: the day that the page showed; `ends`: what somebody has confirmed. A repeat changes nothing. Raises
    EndUnconfirmed, LeftAlready, DayChanged, and what `change_staff` raises.
    """
    row = _locked(staff)
    if by.is_slt and row.is_head:
        raise HeadStays
    check_may_change(by, row)
    today, before = localtime(at).date(), leaving_day(row)
    if before == day:
        return
    if before and row.has_left(today):
        raise LeftAlready(before)
    if before != seen:
        raise DayChanged
    counted = _what_ends(row, at)
    row.left_on = day
    change_staff(row, ["left_on"], by=by, at=at)
    if ends != counted:
        raise EndUnconfirmed(counted)  # nothing of this transaction stays
    if day > today:
        record("staff.end_planned", by=by, about=row, day=day.isoformat())


@transaction.atomic
def bring_back(staff: StaffMember, *, roles: Collection[str], by: Actor, at: datetime) -> None:
    """Take a leaving day away: account, roles, PIN and classes are theirs as before.

    `roles`: those that the page showed. A repeat changes nothing. Raises ReturnUnconfirmed, and what `change_staff`
    raises.
    """
    row = _locked(staff)
    check_may_change(by, row)
    if leaving_day(row) is None:
        return
    if set(roles) != set(roles_of(row)):
        raise ReturnUnconfirmed
    row.left_on = None
    change_staff(row, ["left_on"], by=by, at=at)
    record("staff.returned", by=by, about=row)
