import pytest

from accounts.models.notifications import Delivery, Notification
from points.models import Award, Digest
from points.services import notify_families_due, undo_awards
from tests.clock import at
from tests.sentences.points import NEW_POINTS, ONE_NEW_POINT
from tests.waiting_names import named


def digest(clock, when: str) -> int:
    return notify_families_due(at=clock.set(when))


def digest_texts(user) -> list[str]:
    return [named(each, each.body) for each in Notification.objects.filter(recipient=user).order_by("pk")]


def test_a_family_hears_of_a_days_points_together_after_lessons(people, give, clock):
    give(people.mali, people.efa)
    give(people.mali, behaviour="Home learning task", when="2026-11-10 12:00")
    assert digest(clock, "2026-11-10 15:29:59") == 0
    assert digest(clock, "2026-11-10 15:30") == 3
    assert digest_texts(people.nia) == digest_texts(people.gareth)
    assert digest_texts(people.nia) == [NEW_POINTS % {"name": "Mali", "points": 3}]
    assert digest_texts(people.sioned) == [ONE_NEW_POINT % {"name": "Efa", "points": 1}]
    assert digest_texts(people.dylan) == []
    assert Delivery.objects.filter(user=people.nia).count() == 1


def test_a_digest_is_sent_once_however_often_it_is_run(people, give, clock):
    give(people.mali)
    assert [digest(clock, f"2026-11-10 15:{minute}") for minute in (30, 31, 45)] == [2, 0, 0]


@pytest.mark.policy("PU-3")
def test_nobody_hears_of_a_point_that_was_or_can_be_undone(people, give, clock):
    (slip,) = give(people.mali)
    undo_awards(key=slip.key, by=people.actor(people.celyn), at=at("2026-11-10 10:00"))
    give(people.efa, when="2026-11-10 15:25")
    assert Award.objects.counted().count() == 1
    assert digest(clock, "2026-11-10 15:31") == 0
    assert digest(clock, "2026-11-11 15:30") == 1


@pytest.mark.policy("TE-4")
@pytest.mark.parametrize(
    "quiet", ["2026-11-10 17:00", "2026-11-14 16:00", "2026-10-27 16:00", "2026-11-10 08:00"]
)
def test_nothing_goes_out_in_quiet_hours(people, give, clock, quiet):
    give(people.mali, when="2026-10-23 10:00")
    assert digest(clock, quiet) == 0
    assert not Digest.objects.exists()


def test_points_of_a_missed_digest_come_with_the_next(people, give, clock):
    assert digest(clock, "2026-11-09 15:30") == 0
    give(people.mali, when="2026-11-09 19:00")
    give(people.mali, when="2026-11-10 10:00")
    assert digest(clock, "2026-11-12 16:00") == 2
    assert digest_texts(people.nia) == [NEW_POINTS % {"name": "Mali", "points": 2}]


@pytest.mark.policy("PA-9")
def test_a_removed_parent_hears_nothing(people, give, clock):
    give(people.zofia)
    assert digest(clock, "2026-11-10 15:30") == 0
    assert digest_texts(people.kai) == []
