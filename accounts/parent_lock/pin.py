"""The PIN of a parent lock: chosen, tried, shut after too many wrong ones (PA-11)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.lock import MOST_WRONG, ParentPin
from accounts.parent_lock.weak_pins import is_weak
from malpas.lib.errors import RuleViolation

FREE_TRIES = 5  # from the fifth in a row on, each wrong one costs five minutes; the tenth shuts the PIN
PAUSE = timedelta(minutes=5)


class WrongParentPin(RuleViolation):
    sentence = _("That is not your PIN.")


class ParentPinPaused(RuleViolation):
    sentence = _("Too many wrong PINs. Wait five minutes, or use your password.")


class ParentPinClosed(RuleViolation):
    sentence = _("Too many wrong PINs. Only your password opens this now.")


class WeakPin(RuleViolation):
    sentence = _(
        "A child would soon guess this PIN: it is a pattern, a year or a birthday. Choose another one."
    )


@transaction.atomic
def choose_parent_pin(pin: str, *, birthdays: Iterable[date], by: Actor, at: datetime) -> None:
    """Keeps the PIN (4 to 8 figures), hashed, in place of an older one. Raises RuleViolation for a weak one.

    `birthdays`: of the parent's children, whose dates are refused in any order of their parts.
    """
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 8):
        raise RuleViolation(_("A PIN has four to eight figures."))
    if is_weak(pin, birthdays):
        raise WeakPin
    kept = {"pin": make_password(pin), "wrong": 0, "paused_until": None, "chosen_at": at}
    ParentPin.objects.update_or_create(user=by.user, defaults=kept)
    record("parent_pin.chosen", by=by, about=by.user)


def try_parent_pin(pin: str, *, by: Actor, at: datetime) -> None:
    """Returns when the PIN is right. Raises WrongGrownUpPin, GrownUpPinPaused or GrownUpPinShut when not.

    The row is locked while the PIN is tried, so that parallel guesses are counted one by one. A failure is
    counted in a transaction of its own: the exception must not undo it.
    """
    failure = _try(pin, by=by, at=at)
    if failure:
        raise failure


@transaction.atomic
def _try(pin: str, *, by: Actor, at: datetime) -> RuleViolation | None:
    row = ParentPin.objects.select_for_update().filter(user=by.user).first()
    if row is None:
        return WrongParentPin()
    if row.is_shut:
        return ParentPinClosed()
    if row.paused_until and row.paused_until > at:
        return ParentPinPaused()
    right = check_password(pin, row.pin)
    wrong = 0 if right else row.wrong + 1
    row.wrong, row.paused_until = wrong, at + PAUSE if wrong >= FREE_TRIES else None
    row.save(update_fields=["wrong", "paused_until"])
    if right:
        return None
    if wrong >= MOST_WRONG:
        record("parent_pin.shut", by=by, about=by.user)
        return ParentPinClosed()
    return ParentPinPaused() if row.paused_until else WrongParentPin()


def forgive_wrong_pins(*, by: Actor) -> None:
    """Whoever knows the password may use their PIN again (PA-11)."""
    ParentPin.objects.filter(user=by.user).update(wrong=0, paused_until=None)
