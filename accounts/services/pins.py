"""The short PIN that says which person sits at a shared class account (TE-2)."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models import StaffMember
from accounts.services.audit import record
from malpas.lib.errors import RuleViolation

TRIES = 5
PAUSE = timedelta(minutes=5)


class WrongPin(RuleViolation):
    sentence = _("That is not the PIN. Please look at the name you chose.")


class PinLocked(RuleViolation):
    sentence = _("Too many wrong PINs. Please wait five minutes, or ask a senior leader.")


@transaction.atomic
def set_pin(staff: StaffMember, pin: str, *, by: Actor | None) -> None:
    """Keeps a new PIN (4 to 8 digits), hashed, and ends a lock (TE-2). Raises RuleViolation for anything else."""
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 8):
        raise RuleViolation(_("A PIN has four to eight digits."))
    StaffMember.objects.filter(pk=staff.pk).update(
        pin=make_password(pin), pin_failures=0, pin_locked_until=None
    )
    record("pin.set", by=by, about=staff)


def check_pin(staff: StaffMember, pin: str, *, by: Actor, at: datetime) -> StaffMember:
    """The member of staff when the PIN is right. Raises WrongPin, and PinLocked for five minutes after five.

    The row is locked while the PIN is tried, so that parallel guesses are counted one by one. A failure is
    counted in a transaction of its own: the exception must not undo it.
    """
    failure = _try_pin(staff, pin, by=by, at=at)
    if failure:
        raise failure
    return staff


@transaction.atomic
def _try_pin(staff: StaffMember, pin: str, *, by: Actor, at: datetime) -> RuleViolation | None:
    row = StaffMember.objects.select_for_update().get(pk=staff.pk)
    if row.pin_locked_until and row.pin_locked_until > at:
        return PinLocked()
    if row.pin and check_password(pin, row.pin):
        row.pin_failures, row.pin_locked_until = 0, None
        row.save(update_fields=["pin_failures", "pin_locked_until"])
        return None
    row.pin_failures += 1
    if row.pin_failures >= TRIES:
        row.pin_failures, row.pin_locked_until = 0, at + PAUSE
        record("pin.locked", by=by, about=staff)
    row.save(update_fields=["pin_failures", "pin_locked_until"])
    return PinLocked() if row.pin_locked_until and row.pin_locked_until > at else WrongPin()
