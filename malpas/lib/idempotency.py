"""One press, one result: what a key has made is answered again, and never stands for other words."""

from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from malpas.lib.errors import RuleViolation

Made = TypeVar("Made")


class IdempotencyConflict(RuleViolation):
    """This key has sent something else. It stays as it was sent; what is new goes back into a form with another key."""

    sentence = _(
        "What you wrote first has been sent already. Here are your newer words: send them too, or leave them."
    )


def replay(made: Made, **said: object) -> Made:
    """What this key has made, when it was made of the same `said` (attribute to value). Raises SentBefore."""
    if any(getattr(made, name) != value for name, value in said.items()):
        raise IdempotencyConflict
    return made
