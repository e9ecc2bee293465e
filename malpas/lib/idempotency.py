"""Replay the result of a repeated idempotency key; reject its reuse with another payload (I2)."""

from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from malpas.lib.errors import RuleViolation

Made = TypeVar("Made")


class IdempotencyConflict(RuleViolation):
    """Raised when a key has stored another payload already.

    The stored one stays as it is; `malpas.lib.htmx.refuse` returns the new one in a form with a new key.
    """

    sentence = _(
        "What you wrote first has been sent already. Here are your newer words: send them too, or leave them."
    )


def replay(made: Made, **payload: object) -> Made:
    """Return the row that this key has made, if it was made of the same payload.

    `payload` maps attributes of the row to the values of the repeated request. Raises IdempotencyConflict.
    """
    if any(getattr(made, name) != value for name, value in payload.items()):
        raise IdempotencyConflict
    return made
