"""Numbers in addresses and pages that tell nothing of how many there are.

A row's own number counts up: whoever sees two of them knows how many others were written in between, also those that
still wait. So pages show the number under a permutation whose key only the server has. Rows, locks and order keep
their own. A new key (CODE_KEY) makes addresses of these pages in old e-mails lead nowhere.
"""

from hashlib import blake2b

from django import forms
from django.conf import settings
from django.urls import register_converter

HALF = 26
MASK = (1 << HALF) - 1
BEYOND = 1 << 2 * HALF  # a browser's scripts keep numbers up to 2**53 exact
ROUNDS = 6


def _mixed(key: bytes, turn: int, half: int) -> int:
    digest = blake2b(bytes([turn]) + half.to_bytes(4, "big"), key=key, digest_size=4).digest()
    return int.from_bytes(digest, "big") & MASK


def _key() -> bytes:
    return blake2b(settings.CODE_KEY.encode(), digest_size=32, person=b"hidden number").digest()


def hide(number: int) -> int:
    """Return what pages show for a row's number (0 to 2**52 - 1). Raises ValueError for any other."""
    if not 0 <= number < BEYOND:
        raise ValueError(number)
    key, left, right = _key(), number >> HALF, number & MASK
    for turn in range(ROUNDS):
        left, right = right, left ^ _mixed(key, turn, right)
    return left << HALF | right


def reveal(shown: int) -> int:
    """Return the row's number for what a page showed. Raises ValueError for what no page shows."""
    if not 0 <= shown < BEYOND:
        raise ValueError(shown)
    key, left, right = _key(), shown >> HALF, shown & MASK
    for turn in reversed(range(ROUNDS)):
        left, right = right ^ _mixed(key, turn, left), left
    return left << HALF | right


class HiddenConverter:
    """`<hidden:pk>` in a route: views and `reverse` have the row's number, the address the hidden one."""

    regex = "[0-9]{1,16}"

    def to_python(self, value: str) -> int:
        return reveal(int(value))

    def to_url(self, value: int | str) -> str:
        return str(hide(int(value)))


class HiddenNumberField(forms.IntegerField):
    """A hidden number that a page sends back; cleaned, it is the row's own."""

    def clean(self, value: object) -> int | None:
        shown = super().clean(value)
        if shown is None:
            return None
        try:
            return reveal(shown)
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


register_converter(HiddenConverter, "hidden")
