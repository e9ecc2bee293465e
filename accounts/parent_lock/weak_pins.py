"""PINs that a child of the house would try first (PA-11)."""

from collections.abc import Iterable
from datetime import date

UP, DOWN = "01234567890", "09876543210"
THIS_CENTURY_AND_LAST = ("19", "20")
DAY, MONTH, YEAR, WHOLE = "%d", "%m", "%y", "%Y"
ORDERS = [
    *[DAY + MONTH, MONTH + DAY, MONTH + YEAR, YEAR + MONTH],
    *[DAY + MONTH + YEAR, MONTH + DAY + YEAR, YEAR + MONTH + DAY],
    *[DAY + MONTH + WHOLE, MONTH + DAY + WHOLE, WHOLE + MONTH + DAY, MONTH + WHOLE, WHOLE + MONTH],
]


def is_pattern(pin: str) -> bool:
    """One digit, a run up or down, or a part said twice or more: 0000, 1234, 9876, 1212, 123123."""
    parts = (pin[:length] for length in range(1, len(pin) // 2 + 1))
    said_again = any(part * (len(pin) // len(part)) == pin for part in parts)
    pairs = len(pin) == 4 and pin[0] == pin[1] and pin[2] == pin[3]
    return said_again or pairs or pin in UP or pin in DOWN or pin in "12345678901" or pin == pin[0] * len(pin)


def is_year(pin: str) -> bool:
    """A year that somebody of the family may have been born in."""
    return len(pin) == 4 and pin.startswith(THIS_CENTURY_AND_LAST)


def is_weak(pin: str, birthdays: Iterable[date]) -> bool:
    """Whether a child would try it: a pattern, a year, or the birthday of a child in any order of its parts."""
    days = {day.strftime(order) for day in birthdays for order in ORDERS}
    return is_pattern(pin) or is_year(pin) or pin in days
