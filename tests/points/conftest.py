from uuid import UUID, uuid4

import pytest
from django.db import connection

from points.models import Award, Behaviour
from points.services import award_points
from tests.clock import at
from tests.people import make_pupil


@pytest.fixture
def behaviours(people) -> dict[str, Behaviour]:
    return {behaviour.name_en: behaviour for behaviour in Behaviour.objects.all()}


@pytest.fixture
def give(people, behaviours, clock):
    """Return a function: give(people.mali, "Sharing") → the award.

    Given at Celyn by Mrs Pritchard.
    """

    def give(*pupils, behaviour="Sharing", when="", key: UUID | None = None, note="", by=None) -> list[Award]:
        if when:
            clock.set(when)
        actor = by or people.actor(people.celyn, people.pritchard)
        return award_points(
            pupils=pupils,
            behaviour=behaviours[behaviour],
            by=actor,
            at=at(when or "2026-11-10 10:00"),
            key=key or uuid4(),
            note=note,
        )

    return give


@pytest.fixture
def thirty(people) -> None:
    """Give Celyn thirty children."""
    for number in range(27):
        make_pupil(f"Child{number:02}", "Rees", people.celyn)


@pytest.fixture
def sql():
    def run(statement: str, *values):
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.rowcount

    return run
