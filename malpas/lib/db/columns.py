"""Read objects of several models from one statement written by hand.

`Field.set_cached_value` is Django's own, though without an underscore; tests/accounts/sign_in/test_queries.py fails
when it, or the way in which a column is read, changes.
"""

from collections.abc import Collection, Sequence
from typing import Any, Generic, TypeVar

from django.db.models import Model

M = TypeVar("M", bound=Model)


class Columns(Generic[M]):
    """The columns of one model in a statement.

    `alias`: the table's name there. `only`: the fields to read, with the primary key; all if there are none. `sql` lists
    the columns; `start` and `end` say where they stand in a row.
    """

    def __init__(self, model: type[M], alias: str, *, only: Collection[str] = (), start: int = 0) -> None:
        fields = [field for field in model._meta.concrete_fields if not only or field.name in only]
        self.model, self.names = model, [field.attname for field in fields]
        self.sql = ", ".join(f'{alias}."{field.column}"' for field in fields)
        self.start, self.end = start, start + len(fields)
        self.key = start + next(n for n, field in enumerate(fields) if field.primary_key)

    def read(self, row: Sequence[Any]) -> M | None:
        """Return the object that stands in this row, or None where an outer join found none."""
        if row[self.key] is None:
            return None
        return self.model.from_db("default", self.names, row[self.start : self.end])


def set_related(instance: Model, name: str, other: Model | None) -> None:
    """Make `other` the known value of a foreign key or one-to-one relation, also None, so that reading it asks nothing.

    A one-to-one relation is known from its other side, too.
    """
    relation: Any = instance._meta.get_field(name)
    relation.set_cached_value(instance, other)
    if other is not None and relation.one_to_one:
        relation.remote_field.set_cached_value(other, instance)
