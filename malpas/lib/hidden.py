"""Hide primary keys in addresses and pages, so that they do not tell how many rows there are.

A primary key counts up: two of them would tell how many rows were written in between, pending ones included (I3). Pages
show the number under a keyed permutation (a Feistel network of six rounds over 52 bits). A new CODE_KEY breaks the
addresses of these pages in old e-mails.
"""

from hashlib import blake2b

from django import forms
from django.conf import settings
from django.urls import register_converter

HALF = 26
MASK = (1 << HALF) - 1
BEYOND = 1 << 2 * HALF  # JavaScript represents integers up to 2**53 exactly
ROUNDS = 6


def _mixed(key: bytes, turn: int, half: int) -> int:
    digest = blake2b(bytes([turn]) + half.to_bytes(4, "big"), key=key, digest_size=4).digest()
    return int.from_bytes(digest, "big") & MASK


def _key() -> bytes:
    return blake2b(settings.CODE_KEY.encode(), digest_size=32, person=b"hidden number").digest()


def hide(number: int) -> int:
    """Return the number that pages show for a primary key (0 to 2**52 - 1). Raises ValueError for any other."""
    if not 0 <= number < BEYOND:
        raise ValueError(number)
    key, left, right = _key(), number >> HALF, number & MASK
    for turn in range(ROUNDS):
        left, right = right, left ^ _mixed(key, turn, right)
    return left << HALF | right


def reveal(shown: int) -> int:
    """Return the primary key for a number that a page showed. Raises ValueError for one that no page shows."""
    if not 0 <= shown < BEYOND:
        raise ValueError(shown)
    key, left, right = _key(), shown >> HALF, shown & MASK
    for turn in reversed(range(ROUNDS)):
        left, right = right ^ _mixed(key, turn, left), left
    return left << HALF | right


class HiddenConverter:
    """Convert `<hidden:pk>` in a route: views and `reverse` use the primary key, the address the hidden number."""

    regex = "[0-9]{1,16}"

    def to_python(self, value: str) -> int:
        return reveal(int(value))

    def to_url(self, value: int | str) -> str:
        return str(hide(int(value)))


class HiddenNumberField(forms.IntegerField):
    """A form field for a hidden number, whose cleaned value is the primary key."""

    def clean(self, value: object) -> int | None:
        shown = super().clean(value)
        if shown is None:
            return None
        try:
            return reveal(shown)
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class HiddenNumbersField(forms.Field):
    """A form field for several hidden numbers, whose cleaned value are the primary keys."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: object) -> list[int]:
        shown = value if isinstance(value, list) else []
        super().clean(shown)
        one = HiddenNumberField(min_value=0, max_value=BEYOND - 1)
        return [number for each in shown if (number := one.clean(each)) is not None]


register_converter(HiddenConverter, "hidden")
