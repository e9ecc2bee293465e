"""Test concurrent and repeated awards."""

import random
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Sum

from accounts.models.audit import AuditEntry
from malpas.lib.errors import RuleViolation
from points.models import Award, Behaviour
from points.services import award_points, undo_awards
from tests.clock import Clock, at
from tests.people import make_people

NOW = at("2026-11-10 10:00")


@pytest.fixture
def school(transactional_db):
    clock = Clock()
    clock.set("2026-11-10 10:00")
    people = make_people()
    yield people
    clock.real()


def at_once(acts) -> list:
    """Run all acts in threads; return results and refusals.

    Each thread has a connection of its own.
    """

    def run(act):
        try:
            return act()
        except RuleViolation as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        return [future.result(30) for future in [pool.submit(run, act) for act in acts]]


def total() -> int:
    return Award.objects.counted().aggregate(sum=Sum("points"))["sum"] or 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.policy("PU-3")
def test_F42_the_sum_is_what_was_meant(school):
    sharing, effort = Behaviour.objects.filter(name_en__in=["Sharing", "Effort"]).order_by("name_en")
    first = school.actor(school.celyn, school.pritchard)
    second = school.actor(school.celyn, school.adeyemi)
    pupils = [school.mali, school.efa, school.zofia]
    slip, replayed = uuid4(), uuid4()
    award_points(pupils=pupils, behaviour=sharing, by=first, at=NOW, key=slip)

    def give(by, behaviour, key, chosen):
        return lambda: award_points(pupils=chosen, behaviour=behaviour, by=by, at=NOW, key=key)

    acts = [give(first, sharing, uuid4(), [school.mali]) for _ in range(10)]
    acts += [give(second, effort, uuid4(), pupils[::-1]) for _ in range(10)]
    acts += [give(second, sharing, replayed, random.sample(pupils, 3)) for _ in range(20)]
    acts += [lambda by=by: undo_awards(key=slip, by=by, at=NOW) for by in (first, second) * 3]
    random.shuffle(acts)
    results = at_once(acts)
    assert total() == 10 + 10 * 3 + 3
    assert len([r for r in results if isinstance(r, RuleViolation)]) == 5  # one undo of six did it
    assert Award.objects.filter(key=replayed).count() == 3
    assert AuditEntry.objects.filter(verb="points.awarded").count() == 1 + 10 + 10 + 1
    assert AuditEntry.objects.filter(verb="points.undone").count() == 1


@pytest.mark.django_db(transaction=True)
def test_F42_a_replayed_request_counts_once(school):
    sharing = Behaviour.objects.get(name_en="Sharing")
    data = {"pupil": [school.mali.pk], "behaviour": sharing.pk, "key": str(uuid4())}
    browsers = [school.client(school.celyn, school.pritchard) for _ in range(4)]
    acts = [lambda b=b: b.post("/class/board/award/", data) for b in browsers * 5]
    answers = at_once(acts)
    assert {(a.status_code, a.url) for a in answers} == {(302, f"/class/board/?given={data['key']}")}
    assert total() == 1
