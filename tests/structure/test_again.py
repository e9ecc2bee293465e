"""The people that every test is given are those of `make_people`."""

import json
from dataclasses import fields

from django.db import connection, transaction
from django.db.models import Model

from tests.again import APART, filled
from tests.people import make_people

NUMBERED = ("id", "password")  # and what ends in _id: these differ from one making to the next


def rows(table: str) -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT to_jsonb(kept) FROM "{table}" kept ORDER BY id')
        found = [json.loads(row) for (row,) in cursor.fetchall()]
    return [{k: v for k, v in row.items() if k not in NUMBERED and not k.endswith("_id")} for row in found]


def everything(make) -> dict[str, list[dict]]:
    with transaction.atomic():
        before = filled()
        make()
        found = {table: rows(table) for table in filled() - before}
        transaction.set_rollback(True)
    return found


def test_what_is_put_there_is_what_is_made(stored_people, clock):
    made = everything(make_people)
    assert len(made) > 10 and all(made.values())
    assert everything(stored_people.put) == made


def test_each_of_them_stands_in_the_database_as_it_is_here(people):
    given = [getattr(people, field.name) for field in fields(people)]
    found = {str(one): str(type(one).objects.get(pk=one.pk)) for one in given if isinstance(one, Model)}
    assert len(found) > 15 and list(found) == list(found.values())


def test_no_two_kinds_of_rows_share_a_number(people):
    kinds = [people.nia, people.mali, people.celyn, people.pritchard, people.nia.contact, people.terms]
    assert len({one.pk // APART for one in kinds}) == len(kinds)
