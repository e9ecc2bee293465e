"""The people of tests/people.py made once in a process, and put there for every test by one question to the database.

What a test gets is what `make_people` makes, row for row: nearly every test begins with it, and 75 questions each
time were a third of the time of the whole suite.
"""

import pickle
from typing import NamedTuple

from django.apps import apps
from django.db import connection, transaction

from accounts.calendar.hours import forget_hours
from tests.clock import Clock
from tests.people import People, make_people
from tests.starting import TABLES

BEGINNING = "2026-11-10 10:00"
APART = 10_000
# The columns of a table but those that the database generates.
WRITTEN = """
    SELECT attname FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""


class StoredPeople(NamedTuple):
    people: bytes
    rows: str

    def put(self) -> People:
        forget_hours()
        with connection.cursor() as cursor:
            cursor.execute(self.rows)
        return pickle.loads(self.people)


def keep() -> StoredPeople:
    """The people and their rows, at the beginning of the `clock` of the tests; the database is left as it was."""
    number_apart()
    with transaction.atomic():
        Clock().set(BEGINNING)
        before = filled()
        made = make_people()
        tables = filled() - before | TABLES
        rows = ";\n".join(map(copied, sorted(tables)))
        transaction.set_rollback(True)
    forget_hours()
    return StoredPeople(pickle.dumps(made), rows)


def tables() -> list[str]:
    return sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)})


def filled() -> set[str]:
    """The tables in which there is something."""
    asked = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in tables()
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {table for (table,) in cursor.fetchall()}


def copied(table: str) -> str:
    """The statement that puts the rows of this table there again, over those that migrations have put there."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT quote_literal(array_agg(kept)::text) FROM "{table}" kept')
        (rows,) = cursor.fetchone()
        cursor.execute(WRITTEN, [f'"{table}"'])
        columns = [name for (name,) in cursor.fetchall()]
    over = ""
    if table in TABLES:
        said = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in columns if name != "id")
        over = f" ON CONFLICT (id) DO UPDATE SET {said}"
    into, values = (", ".join(f'{of}"{name}"' for name in columns) for of in ("", "kept."))
    return f'INSERT INTO "{table}" ({into}) SELECT {values} FROM unnest({rows}::"{table}"[]) kept{over}'


def number_apart() -> None:
    """Rows of two kinds never bear the same number: a test finds out who takes one for the other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(quote_ident(name), 'id'), place * %s)"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS known (name, place) JOIN information_schema.columns"
            " ON table_schema = 'public' AND table_name = name AND column_name = 'id' AND is_identity = 'YES'",
            [APART, tables()],
        )
