"""Moves the portal's clock: every process that asks this database agrees."""

from datetime import datetime

from django.db import connection
from django.utils.timezone import make_aware

MOVED = (
    "CREATE OR REPLACE FUNCTION school_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS "
    "$$SELECT {}$$"
)


def at(text: str) -> datetime:
    """London wall-clock time: at('2026-11-13 20:00')."""
    return make_aware(datetime.fromisoformat(text))


INSTANT = (
    "CREATE OR REPLACE FUNCTION school_instant() RETURNS timestamptz LANGUAGE sql VOLATILE AS "
    "$$SELECT school_now() + (clock_timestamp() - {})$$"
)


class Clock:
    """`clock.set('2026-11-13 20:00')` stops the clock there; `clock.run_from(...)` lets it go on from there."""

    def set(self, text: str) -> datetime:
        moment = at(text)
        # A test is one transaction: the time that it has taken so far is not the portal's.
        self._define(f"timestamptz '{moment.isoformat()}'", since="statement_timestamp()")
        return moment

    def run_from(self, text: str) -> datetime:
        moment = at(text)
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s - clock_timestamp()", [moment])
            shift = cursor.fetchone()[0]
        self._define(f"now() + interval '{shift.total_seconds()} seconds'")
        return moment

    def real(self) -> None:
        self._define("now()")

    def _define(self, expression: str, since: str = "transaction_timestamp()") -> None:
        with connection.cursor() as cursor:
            cursor.execute(MOVED.format(expression))
            cursor.execute(INSTANT.format(since))
