"""PINs that somebody standing by would try first."""

from itertools import pairwise

from django.utils.translation import gettext_lazy as _

OBVIOUS = _("Others would guess this PIN soon. Please choose one that is less plain.")

STRAIGHT = {"2580", "0852", "1470", "0741", "1379", "9731"}  # lines and corners of a keypad
YEARS = range(1920, 2040)


def is_obvious(pin: str) -> bool:
    """One digit, a run up or down, a half or a pair that comes again, a year, a line on the keypad (TE-2)."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    half, odd = divmod(len(pin), 2)
    again = not odd and (
        pin[:half] == pin[half:] or len({pin[n : n + 2] for n in range(0, len(pin), 2)}) == 1
    )
    year = len(pin) == 4 and int(pin) in YEARS
    return steps in ({0}, {1}, {9}) or again or year or pin in STRAIGHT
