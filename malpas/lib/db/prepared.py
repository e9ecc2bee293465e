"""A query that is written once and asked many times.

Django puts a queryset together and writes its SQL anew for every request. For the doors that every page passes, and for
the lists behind them, that takes longer than the database needs to answer. The words of such a query never change, only
its values do: `Slot` stands for a value where the queryset is built, and the values come when it is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import BigIntegerField, Expression, Field, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")


class Slot(Expression):
    """Where a value stands that is known only when the query is asked. `kind`: its type, a number if none is named."""

    def __init__(self, name: str, kind: Field | None = None) -> None:
        super().__init__(output_field=kind or BigIntegerField())
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: object) -> tuple[str, list[Slot]]:  # type: ignore[override]
        return "%s", [self]


class Prepared(Generic[Row]):
    """Of `build`, a function that gives a queryset with slots: `prepared(name=value, …)` gives the rows, as a list.

    Everything else in the queryset is settled at the first use, so `build` must decide nothing by who asks, by the
    hour or by the language; its clock is the database's. Each slot gets a value and there is no other: else TypeError.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Row]]) -> None:
        self.build = build

    @cached_property
    def _written(self) -> tuple[QuerySet[Any, Row], SQLCompiler, str, tuple[object, ...]]:
        rows = self.build()
        compiler = rows.query.get_compiler(rows.db)
        sql, params = compiler.as_sql()
        return rows, compiler, sql, tuple(params)

    def __call__(self, **values: object) -> list[Row]:
        rows, compiler, sql, params = self._written
        wanted = {each.name for each in params if isinstance(each, Slot)}
        if values.keys() != wanted:
            raise TypeError(f"This query is asked with {sorted(wanted)}, not with {sorted(values)}.")
        bound = tuple(values[each.name] if isinstance(each, Slot) else each for each in params)
        return list(self._asked(rows, compiler, sql, bound))

    def _asked(
        self, rows: QuerySet[Any, Row], compiler: SQLCompiler, sql: str, bound: tuple[object, ...]
    ) -> QuerySet[Any, Row]:
        """The queryset with its SQL written already: whoever reads it finds a compiler that has nothing left to do."""
        ready, query = copy(compiler), copy(rows.query)
        ready.connection = connections[rows.db]
        vars(ready)["as_sql"] = lambda: (sql, bound)
        vars(query)["get_compiler"] = lambda using: ready
        asked = type(rows)(model=rows.model, query=query, using=rows.db)
        for name in ("_iterable_class", "_prefetch_related_lookups"):
            setattr(asked, name, getattr(rows, name))
        return asked
