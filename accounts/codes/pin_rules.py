"""Decide which PINs are accepted, for staff and parents alike (TE-2, PA-11)."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

KEYPAD_LINES = {"2580", "0852", "1470", "0741", "1379", "9731"}
CENTURIES = ("19", "20")
DAY, MONTH, YEAR, FULL_YEAR = "%d", "%m", "%y", "%Y"
BIRTHDAY_ORDERS = [
    *[DAY + MONTH, MONTH + DAY, MONTH + YEAR, YEAR + MONTH],
    *[DAY + MONTH + YEAR, MONTH + DAY + YEAR, YEAR + MONTH + DAY],
    *[DAY + MONTH + FULL_YEAR, MONTH + DAY + FULL_YEAR, FULL_YEAR + MONTH + DAY],
    *[MONTH + FULL_YEAR, FULL_YEAR + MONTH],
]


def is_pin(text: str) -> bool:
    """Return whether this is four to eight ASCII digits."""
    return text.isascii() and text.isdigit() and 4 <= len(text) <= 8


def is_pattern(pin: str) -> bool:
    """Return whether it repeats, pairs, runs, or follows a keypad line.

    Examples: 123123, 1122, 7890, 2580.
    """
    lengths = range(1, len(pin) // 2 + 1)
    repeats = any(pin[:length] * (len(pin) // length) == pin for length in lengths)
    pairs = len(pin) == 4 and pin[0] == pin[1] and pin[2] == pin[3]
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return repeats or pairs or steps in ({1}, {9}) or pin in KEYPAD_LINES


def is_year(pin: str) -> bool:
    """Return whether it is a year of this century or the last."""
    return len(pin) == 4 and pin.startswith(CENTURIES)


def is_guessable(pin: str, birthdays: Iterable[date] = ()) -> bool:
    """Return whether somebody nearby would soon guess this PIN.

    It is a pattern, a year, or a birthday in any order. `pin` is one that `is_pin` accepts; `birthdays` are
    those of a parent's children.
    """
    days = {day.strftime(order) for day in birthdays for order in BIRTHDAY_ORDERS}
    return is_pattern(pin) or is_year(pin) or pin in days
