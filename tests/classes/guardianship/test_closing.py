"""Test what a restricted or ended guardianship withdraws, and its slot."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models.audit import AuditEntry
from classes.enums import JoiningState, Restriction
from classes.guardianship.restrictions import set_restriction
from classes.guardianship.services import NotYours, StillOpen, end_guardianship, open_again
from classes.joining.queries import class_states
from classes.joining.services import ThirdAdult, check_slot
from classes.models.guardianships import Guardianship
from classes.models.pupils import Pupil
from messaging.models.conversations import Message
from tests.classes.guardianship.closing import EVENING, NOTE, NOW, guardianship_of, restrict, say
from tests.clock import at


@pytest.fixture
def waiting(people, clock):
    """Leave messages pending between Sioned and both classes."""
    clock.set(EVENING)
    sioned = people.actor(people.sioned)
    return {
        "mine": say(people, people.sioned, people.efa, sioned),
        "theirs": say(people, people.sioned, people.efa, people.actor(people.celyn)),
        "other child": say(people, people.sioned, people.tomos, sioned),
    }


def still_pending(waiting) -> set[str]:
    rows = Message.objects.waiting().in_bulk([message.pk for message in waiting.values()])
    return {name for name, message in waiting.items() if message.pk in rows}


@pytest.mark.policy("PA-2")
@pytest.mark.parametrize(
    ("restriction", "left"),
    [("no_access", {"other child"}), ("messaging_paused", {"other child", "theirs"}), ("none", {"mine", "theirs", "other child"})],
)  # fmt: skip
def test_what_waits_and_may_not_arrive_is_withdrawn(people, waiting, restriction, left):
    restrict(people, people.sioned, people.efa, restriction, at(EVENING))
    restrict(people, people.sioned, people.efa, "none", at(EVENING))  # and stays so when it is lifted
    assert still_pending(waiting) == left


def test_an_ended_guardianship_withdraws_what_waits(people, waiting):
    end_guardianship(
        guardianship=guardianship_of(people.sioned, people.efa),
        by=people.actor(people.office),
        at=at(EVENING),
    )
    assert still_pending(waiting) == {"other child"}


@pytest.mark.policy("PA-2")
def test_only_an_end_frees_a_slot_and_no_removal_or_restriction(people, make_guardianship):
    """A removal can be lifted and an order can end.

    Only after an end the adult no longer belongs to the child.
    """
    third = make_guardianship(people.mali)

    def may_join() -> bool:
        try:
            check_slot(third)
        except ThirdAdult:
            return False
        return True

    assert not may_join()
    restrict(people, people.nia, people.mali)
    type(people.gareth).objects.filter(pk=people.gareth.pk).update(removed_at=NOW)
    assert not may_join()
    end_guardianship(
        guardianship=guardianship_of(people.nia, people.mali), by=people.actor(people.office), at=NOW
    )
    assert may_join()


def test_an_ended_guardianship_reopens_as_a_new_one_without_slot(people):
    by = people.actor(people.office)
    old = restrict(people, people.nia, people.mali)
    with pytest.raises(StillOpen):
        open_again(guardianship=old, by=by)
    end_guardianship(guardianship=old, by=by, at=NOW)
    fresh = open_again(guardianship=old, by=by)
    assert (fresh.joined_at, fresh.slot, fresh.suggestion) == (None, None, "hold")
    assert (fresh.restriction, fresh.restriction_note) == ("no_access", NOTE)
    assert not Pupil.objects.of_parent(people.nia)
    states = [
        a
        for row in class_states(people.celyn, NOW)
        for a in row.adults
        if a.guardianship.contact == old.contact
    ]
    assert [(a.guardianship, a.state) for a in states] == [(fresh, JoiningState.RESTRICTED)]


def test_a_repeated_request_ends_nothing_more(people):
    by, guardianship = people.actor(people.office), guardianship_of(people.nia, people.mali)
    first = end_guardianship(guardianship=guardianship, by=by, at=NOW).ended_at
    assert end_guardianship(guardianship=guardianship, by=by, at=at("2026-11-11 10:00")).ended_at == first
    assert AuditEntry.objects.filter(verb="guardianship.ended").count() == 1


@pytest.mark.policy("PA-2")
@pytest.mark.parametrize("restriction", [Restriction.NO_ACCESS, Restriction.MESSAGING_PAUSED])
@pytest.mark.parametrize("note", ["", " ", "\n\t"])
def test_the_database_refuses_a_restriction_without_a_note(people, restriction, note):
    found = Guardianship.objects.filter(pk=guardianship_of(people.nia, people.mali).pk)
    with pytest.raises(IntegrityError, match="guardianship_restriction_has_a_note"), transaction.atomic():
        found.update(restriction=restriction, restriction_note=note)
    assert found.update(restriction=restriction, restriction_note="An order.") == 1
    with pytest.raises(IntegrityError, match="guardianship_restriction_has_a_note"), transaction.atomic():
        found.update(restriction_note=note)


@pytest.mark.policy("PA-2")
def test_only_office_and_leaders_end_open_or_restrict(people):
    guardianship = guardianship_of(people.nia, people.mali)
    for who in (people.celyn, people.nia, people.gareth):
        by = people.actor(who)
        for act in (
            lambda by=by: end_guardianship(guardianship=guardianship, by=by, at=NOW),
            lambda by=by: open_again(guardianship=guardianship, by=by),
            lambda by=by: set_restriction(
                guardianship=guardianship, restriction="no_access", note="", by=by, at=NOW
            ),
        ):
            with pytest.raises(NotYours):
                act()
    guardianship.refresh_from_db()
    assert (guardianship.ended_at, guardianship.restriction) == (None, "none")
