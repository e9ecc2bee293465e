"""Mark models whose rows stay; `malpas.operations.rights` grants the portal's database role accordingly."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model

Marked = TypeVar("Marked", bound=type[Model])
ALL = "*"


@dataclass(frozen=True)
class AppendOnly:
    """The rights left to the portal's role: `updates` names fields, or is (ALL,); `deletes` allows deletion."""

    updates: tuple[str, ...] = ()
    deletes: bool = False


RULES: dict[type[Model], AppendOnly] = {}


def append_only(*, updates: Iterable[str] = (), deletes: bool = False) -> Callable[[Marked], Marked]:
    """Declare that nobody truncates this table, and what the portal's role may change in it."""

    def mark(model: Marked) -> Marked:
        RULES[model] = AppendOnly(tuple(updates), deletes)
        return model

    return mark
