"""The short PIN that says which person sits at a shared class account (TE-2)."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.people import StaffMember, User
from accounts.staff.governor_guard import TakesTwo
from accounts.staff.notifications import notify_of_wrong_pins
from malpas.lib.errors import RuleViolation
from malpas.lib.pins import OBVIOUS, is_obvious

TRIES = 5
PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=1)


class WrongPin(RuleViolation):
    sentence = gettext_lazy("That is not the PIN. Please look at the name you chose.")


class PinLocked(RuleViolation):
    def __init__(self, until: datetime) -> None:
        """`until`: when this person may try again, said in the school's time."""
        when = {"time": f"{localtime(until):%H:%M}"}
        super().__init__(_("Too many wrong PINs. Please wait until %(time)s, or ask a senior leader.") % when)


@transaction.atomic
def set_pin(staff: StaffMember, pin: str, *, by: Actor | None) -> None:
    """Keeps a new PIN (4 to 8 digits), hashed, and ends a lock (TE-2). Raises RuleViolation for anything else.

    One that somebody else chose is good for choosing another: only its owner knows what signs their name.
    `by` None is a command, which may set one that everybody knows (the demo school's).
    """
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 8):
        raise RuleViolation(_("A PIN has four to eight digits."))
    if by is not None and is_obvious(pin):
        raise RuleViolation(OBVIOUS)
    own = by is None or (by.staff is not None and by.staff.pk == staff.pk)
    if staff.is_governor and not own:
        raise TakesTwo
    StaffMember.objects.filter(pk=staff.pk).update(
        pin=make_password(pin),
        pin_failures=0,
        pin_locked_until=None,
        pin_lockouts=0,
        pin_from_leader=not own,
    )
    record("pin.set", by=by, about=staff)


def change_pin(*, old: str, new: str, by: Actor, at: datetime) -> None:
    """Somebody's own new PIN, after their old one, which is counted as at the door (TE-2).

    Raises WrongPin, PinLocked, RuleViolation.
    """
    assert by.staff is not None
    check_pin(by.staff, old, by=by, at=at)
    if old == new:
        raise RuleViolation(_("That is the PIN you have. Please choose another."))
    set_pin(by.staff, new, by=by)


def check_pin(staff: StaffMember, pin: str, *, by: Actor, at: datetime) -> StaffMember:
    """The member of staff when the PIN is right. Raises WrongPin, and PinLocked after five wrong ones.

    The pause is five minutes, then twice as long each time up to an hour, until the right PIN or a new one.
    The row is locked while the PIN is tried, so that parallel guesses are counted one by one. A failure is
    counted in a transaction of its own: the exception must not undo it.
    """
    failure = _try_pin(staff, pin, by=by, at=at)
    if failure:
        raise failure
    return staff


def _lock(row: StaffMember, *, by: Actor, at: datetime) -> None:
    row.pin_locked_until = at + min(PAUSE * 2 ** min(row.pin_lockouts, 9), LONGEST_PAUSE)
    row.pin_failures, row.pin_lockouts = 0, min(row.pin_lockouts + 1, 1000)
    record("pin.locked", by=by, about=row)
    notify_of_wrong_pins(by.user, row, at=at)


@transaction.atomic
def _try_pin(staff: StaffMember, pin: str, *, by: Actor, at: datetime) -> RuleViolation | None:
    row = StaffMember.objects.select_for_update().get(pk=staff.pk)
    if row.pin_locked_until and row.pin_locked_until > at:
        return PinLocked(row.pin_locked_until)
    if row.pin and check_password(pin, row.pin):
        row.pin_failures, row.pin_locked_until, row.pin_lockouts = 0, None, 0
    else:
        row.pin_failures += 1
        if row.pin_failures >= TRIES:
            _lock(row, by=by, at=at)
    right = row.pin_failures == 0 and row.pin_locked_until is None
    row.save(update_fields=["pin_failures", "pin_locked_until", "pin_lockouts"])
    if right:
        return None
    return (
        PinLocked(row.pin_locked_until) if row.pin_locked_until and row.pin_locked_until > at else WrongPin()
    )


@transaction.atomic
def notify_of_shut_device(*, by: Actor, at: datetime) -> None:
    """Leaders hear, once in a quarter of an hour, that a browser at a class account tried several names (TE-2)."""
    User.objects.select_for_update(no_key=True).filter(pk=by.user.pk).values_list("pk").first()
    if notify_of_wrong_pins(by.user, at=at):
        record("pin.device_locked", by=by, about=by.user)
