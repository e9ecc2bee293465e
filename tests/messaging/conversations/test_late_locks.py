"""Check changes that wait for a lock past the arrival (PA-6).

They come too late: what was read is neither changed nor withdrawn. Two connections and a running clock: the
first holds the school's row, as a change of the calendar does.
"""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Event
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accounts.calendar.hours import school_hours
from accounts.calendar.services import change_calendar
from accounts.models.school import Closure, School
from malpas.lib.errors import RuleViolation
from messaging.conversations.services.broadcasts import send_to_many, withdraw_broadcast
from messaging.conversations.services.change import change_message, withdraw_message
from messaging.conversations.services.read_marks import mark_read
from messaging.models.conversations import Message
from messaging.oversight.suspension import suspend_messaging
from tests.clock import at
from tests.locks import locked_school
from tests.messaging.school_time import ARRIVES, QUIET, from_parent

JUST_BEFORE = "2026-11-16 08:29:59"


@pytest.fixture
def people(friday_evening):
    return friday_evening


def read_by_class(people) -> list[str]:
    seen = Message.objects.visible_to(people.actor(people.celyn))
    return list(seen.values_list("body", flat=True))


def begun_before_and_done_after(people, act: Callable[[], object]) -> object:
    """Run `act` from a second before the arrival to a second after.

    Returns what it answers.
    """
    people.clock.run_from(JUST_BEFORE)
    with locked_school(2):
        try:
            return act()
        except RuleViolation as violation:
            return violation


def test_a_change_that_waited_past_the_arrival_changes_nothing(people):
    message = from_parent(people, "First words", when=QUIET)
    by = people.actor(people.nia)
    answer = begun_before_and_done_after(
        people, lambda: change_message(message, by=by, at=at(JUST_BEFORE), body="Changed after it was read")
    )
    assert "already arrived" in str(answer) and read_by_class(people) == ["First words"]


def test_a_broadcast_that_arrived_meanwhile_is_not_withdrawn(people):
    by = people.actor(people.celyn)
    broadcast = send_to_many(pupils=[people.mali], by=by, at=at(QUIET), body="A letter", key=uuid4())
    answer = begun_before_and_done_after(
        people, lambda: withdraw_broadcast(broadcast, by=by, at=at(JUST_BEFORE))
    )
    assert "already arrived" in str(answer)
    assert not Message.objects.filter(withdrawn_at__isnull=False).exists()


def test_a_suspension_after_the_arrival_withdraws_nothing(people):
    message = from_parent(people, when=QUIET)
    by = people.actor(people.deputy)
    begun_before_and_done_after(
        people, lambda: suspend_messaging(by=by, at=at(JUST_BEFORE), reason="An account was broken into")
    )
    message.refresh_from_db()
    assert message.release_at == at(ARRIVES) and read_by_class(people)


@pytest.mark.policy("PA-6")
def test_f37_closing_a_day_leaves_its_arrived_messages_alone(people):
    message = from_parent(people, when=QUIET)

    def close() -> None:
        with change_calendar(by=people.actor(people.deputy), why="snow"):
            Event().wait(2)
            Closure.objects.create(
                starts=date(2026, 11, 16), ends=date(2026, 11, 16), kind="closed", name="Snow"
            )

    people.clock.run_from(JUST_BEFORE)
    close()
    message.refresh_from_db()
    assert message.release_at == at(ARRIVES) and read_by_class(people)


def test_the_database_itself_keeps_what_has_arrived(people):
    message = from_parent(people, when=QUIET)
    people.clock.set(ARRIVES)
    rows = Message.objects.filter(pk=message.pk)
    for change in (
        {"body": "Other words"},
        {"release_at": at("2026-11-17 08:30")},
        {"withdrawn_at": at(ARRIVES), "withdrawn_because": "writer"},
    ):
        with pytest.raises(IntegrityError, match="message_stays_once_it_arrived"), transaction.atomic():
            rows.update(**change)
    rows.update(
        withdrawn_at=at(ARRIVES), withdrawn_because="writer_removed"
    )  # the sweep, by the rights of then (I6)


def test_in_the_last_quarter_of_a_second_it_is_too_late(people):
    message = from_parent(people, when=QUIET)
    by = people.actor(people.nia)
    people.clock.set("2026-11-16 08:29:59.800")
    with pytest.raises(RuleViolation, match="already arrived"):
        withdraw_message(message, by=by, at=at(JUST_BEFORE))


@pytest.mark.policy("PA-6")
def test_a_reading_in_quiet_hours_moves_with_the_opening(people):
    people.clock.set("2026-11-13 10:00")
    message = from_parent(people, when="2026-11-13 10:00")
    people.clock.set(QUIET)
    by, hours = people.actor(people.celyn), school_hours(School.objects.here())
    assert mark_read(message.conversation_id, by=by, at=at(QUIET), hours=hours, seen=message.pk) == 1
    with change_calendar(by=people.actor(people.deputy), why="snow"):
        Closure.objects.create(starts=date(2026, 11, 16), ends=date(2026, 11, 16), kind="closed", name="Snow")
    message.refresh_from_db()
    assert message.read_at == at(ARRIVES) + timedelta(days=1)
