"""Say of a model that its rows stay. malpas.rights makes rights of the web's database role of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model

Marked = TypeVar("Marked", bound=type[Model])
ALL = "*"


@dataclass(frozen=True)
class AppendOnly:
    """`updates`: the fields that the web may still write, or (ALL,). `deletes`: whether it may delete rows."""

    updates: tuple[str, ...] = ()
    deletes: bool = False


RULES: dict[type[Model], AppendOnly] = {}


def append_only(*, updates: Iterable[str] = (), deletes: bool = False) -> Callable[[Marked], Marked]:
    """Declare that nobody empties this model's table, and what the web may change in it."""

    def mark(model: Marked) -> Marked:
        RULES[model] = AppendOnly(tuple(updates), deletes)
        return model

    return mark
