"""Count wrong PINs of a row, and lock it for a while or for good (TE-2, PA-11)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import NamedTuple

from django.contrib.auth.hashers import check_password, make_password

from accounts.models.pins import ThrottledPin

FRESH: dict[str, object] = {"pin_failures": 0, "pin_locked_until": None}


class PinPolicy(NamedTuple):
    """When wrong PINs lock a row.

    `pause`: how long a row is locked after this many wrong PINs in a row, or None. `closes_at`: the number
    of wrong PINs after which no PIN opens the row any more; None for never.
    """

    pause: Callable[[int], timedelta | None]
    closes_at: int | None = None


class PinResult(Enum):
    """The outcome of one try. The two `JUST_` outcomes come once for each lock."""

    RIGHT = auto()
    WRONG = auto()
    JUST_LOCKED = auto()
    LOCKED = auto()
    JUST_CLOSED = auto()
    CLOSED = auto()


def hashed(pin: str) -> dict[str, object]:
    """Return the columns of a new PIN; older wrong tries are forgotten."""
    return {"pin": make_password(pin), **FRESH}


def try_pin(row: ThrottledPin, pin: str, *, policy: PinPolicy, at: datetime) -> PinResult:
    """Try a PIN on a row and save what it counts.

    The caller holds the row's lock, so that parallel guesses are counted one by one. It commits the count before it
    raises anything.
    """
    if policy.closes_at is not None and row.pin_failures >= policy.closes_at:
        return PinResult.CLOSED
    if row.pin_locked_until and row.pin_locked_until > at:
        return PinResult.LOCKED
    if row.pin and check_password(pin, row.pin):
        row.pin_failures, row.pin_locked_until = 0, None
        result = PinResult.RIGHT
    else:
        row.pin_failures += 1
        pause = policy.pause(row.pin_failures)
        row.pin_locked_until = at + pause if pause else None
        result = PinResult.JUST_LOCKED if pause else PinResult.WRONG
        if row.pin_failures == policy.closes_at:
            result = PinResult.JUST_CLOSED
    row.save(update_fields=["pin_failures", "pin_locked_until"])
    return result
