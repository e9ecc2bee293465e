"""Choose and try the PIN of the parent lock (PA-11)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.codes.pin_rules import is_guessable, is_pin
from accounts.codes.throttled_pin import FRESH, PinPolicy, PinResult, hashed, try_pin
from accounts.models.parent_pin import MOST_WRONG, ParentPin
from malpas.lib.errors import RuleViolation

FREE_TRIES = 5
PAUSE = timedelta(minutes=5)
# From the fifth wrong PIN in a row each costs five minutes; the tenth closes the PIN until the password is given.
POLICY = PinPolicy(pause=lambda wrong: PAUSE if wrong >= FREE_TRIES else None, closes_at=MOST_WRONG)


class WrongParentPin(RuleViolation):
    sentence = _("That is not your PIN.")


class ParentPinPaused(RuleViolation):
    sentence = _("Too many wrong PINs. Wait 5 minutes, or use your password.")


class ParentPinClosed(RuleViolation):
    sentence = _("Too many wrong PINs. Only your password opens this now.")


class GuessablePin(RuleViolation):
    sentence = _("A child could guess this PIN: it is a pattern, a year or a birthday. Choose another one.")


VIOLATIONS: dict[PinResult, type[RuleViolation]] = {
    PinResult.WRONG: WrongParentPin,
    PinResult.JUST_LOCKED: ParentPinPaused,
    PinResult.LOCKED: ParentPinPaused,
    PinResult.JUST_CLOSED: ParentPinClosed,
    PinResult.CLOSED: ParentPinClosed,
}


@transaction.atomic
def choose_parent_pin(pin: str, *, birthdays: Iterable[date], by: Actor, at: datetime) -> None:
    """Store the parent's PIN, hashed, in place of an older one.

    `birthdays`: of the parent's children. Raises RuleViolation unless it has four to eight digits, and GuessablePin.
    """
    if not is_pin(pin):
        raise RuleViolation(_("A PIN has 4 to 8 digits."))
    if is_guessable(pin, birthdays):
        raise GuessablePin
    ParentPin.objects.update_or_create(user=by.user, defaults={**hashed(pin), "chosen_at": at})
    record("parent_pin.chosen", by=by, about=by.user)


def try_parent_pin(pin: str, *, by: Actor, at: datetime) -> None:
    """Return when the PIN is right. Raises WrongParentPin, ParentPinPaused or ParentPinClosed."""
    result = _try(pin, by=by, at=at)  # committed before anything is raised
    if result in VIOLATIONS:
        raise VIOLATIONS[result]


@transaction.atomic
def _try(pin: str, *, by: Actor, at: datetime) -> PinResult:
    row = ParentPin.objects.select_for_update().filter(user=by.user).first()
    if row is None:
        return PinResult.WRONG
    result = try_pin(row, pin, policy=POLICY, at=at)
    if result == PinResult.JUST_CLOSED:
        record("parent_pin.shut", by=by, about=by.user)
    return result


def forgive_wrong_pins(*, by: Actor) -> None:
    """Open the PIN again for a parent who has given their password (PA-11)."""
    ParentPin.objects.filter(user=by.user).update(**FRESH)
