"""Check that locks are taken in one order (F15).

First the school, then the messages by number, so that nobody waits in a circle. Real connections, each in a
thread.
"""

from collections.abc import Callable
from datetime import date
from threading import Event, Thread
from time import sleep
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, transaction

from accounts.calendar.hours import school_hours
from accounts.calendar.services import change_calendar
from accounts.models.notifications import Delivery, Notification
from accounts.models.school import Closure, School
from classes.class_account.services import change_class_staff
from classes.guardianship.services import end_guardianship
from classes.models.guardianships import Guardianship
from messaging.conversations.services.broadcasts import send_to_many, withdraw_broadcast
from messaging.conversations.services.closing import close_conversation, withdraw_waiting_of
from messaging.conversations.services.departed import withhold_messages_of
from messaging.conversations.services.read_marks import mark_read
from messaging.conversations.services.scheduling import announce_due
from messaging.models.conversations import Message
from messaging.models.enquiries import Enquiry
from messaging.models.entries import Entry
from messaging.office.services.answers import withdraw_answer
from messaging.office.services.casework import add_to_enquiry, answer_enquiry, close_enquiry
from messaging.office.services.enquiries import submit_enquiry
from messaging.office.services.rerouting import reroute_message
from moderation.services.decisions import remove
from tests.clock import at
from tests.messaging.school_time import QUIET, from_class, from_parent

SNOW = date(2026, 11, 16)


@pytest.fixture
def people(friday_evening):
    return friday_evening


class BlockedCall:
    """Run one call on a connection of its own.

    `error`: how it failed.
    """

    def __init__(self, act: Callable[[], object]) -> None:
        self.error: Exception | None = None
        self.pid = 0
        self._begun = Event()
        self._thread = Thread(target=self._run, args=(act,))
        self._thread.start()
        self._begun.wait()

    def _run(self, act: Callable[[], object]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.pid = cursor.fetchone()[0]
        self._begun.set()
        try:
            act()
        except Exception as error:
            self.error = error
        finally:
            connection.close()

    def waits(self) -> None:
        """Wait until the call waits for a lock, or has ended."""
        for _time in range(400):
            with connection.cursor() as cursor:
                cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [self.pid])
                if cursor.fetchone()[0] or not self._thread.is_alive():
                    return
            sleep(0.01)
        raise AssertionError("it neither waits nor ends")

    def ended(self) -> Exception | None:
        self._thread.join()
        return self.error


def snow(people) -> Callable[[], None]:
    def close() -> None:
        with change_calendar(by=people.actor(people.deputy), why="snow"):
            Closure.objects.create(starts=SNOW, ends=SNOW, kind="closed", name="Snow")

    return close


def at_once(row: Message | School | Enquiry, *acts: Callable[[], object]) -> list[Exception | None]:
    """Begin these calls in order while a row is locked.

    Returns how each ended.
    """
    with transaction.atomic():
        type(row)._default_manager.select_for_update().get(pk=row.pk)
        calls = []
        for act in acts:
            calls.append(BlockedCall(act))
            calls[-1].waits()
    return [call.ended() for call in calls]


def answered_by_office(people) -> None:
    """Make a pending answer for Nia with its notification and mail."""
    said = {"at": at(QUIET), "key": uuid4()}
    enquiry = submit_enquiry(
        topic="lost", pupils=[people.mali], body="A hat", by=people.actor(people.nia), **said
    )
    answer_enquiry(enquiry, body="It is here.", by=people.actor(people.office), **said)
    assert Delivery.objects.filter(user=people.nia, next_attempt_at__gt=at(QUIET)).exists()


def ends_access(people) -> Callable[[], object]:
    facts = {"reason": "Threats", "serious_breach": True}
    return lambda: remove(people.nia, by=people.actor(people.head), at=at(QUIET), key=uuid4(), **facts)


def ends_the_guardianship(people) -> Callable[[], object]:
    guardianship = Guardianship.objects.get(pupil=people.mali, contact__user=people.nia)
    return lambda: end_guardianship(guardianship=guardianship, by=people.actor(people.office), at=at(QUIET))


@pytest.mark.parametrize("ends", [ends_access, ends_the_guardianship])
def test_F15_ending_access_and_a_new_calendar_are_serialised(people, ends):
    message = from_parent(people, when=QUIET)
    answered_by_office(people)
    assert at_once(message, snow(people), ends(people)) == [None, None]
    message.refresh_from_db()
    assert message.withdrawn_because == "writer_removed"
    assert not Delivery.objects.filter(user=people.nia, state="pending").exclude(notification=None).exists()


def read_in_the_evening(people) -> Message:
    """Make a message whose reading shows on Monday; the snow moves that."""
    people.clock.set("2026-11-13 16:00")
    message = from_parent(people, when="2026-11-13 16:00")
    people.clock.set(QUIET)
    hours = school_hours(School.objects.here())
    by = people.actor(people.celyn)
    mark_read(message.conversation_id, by=by, at=at(QUIET), hours=hours, seen=message.pk)
    return message


def hands_on(people, message: Message) -> Callable[[], object]:
    return lambda: reroute_message(message, topic="lost", by=people.actor(people.celyn), at=at(QUIET))


def test_F15_rerouting_and_a_new_calendar_are_serialised(people):
    message = read_in_the_evening(people)
    assert at_once(message, hands_on(people, message), snow(people)) == [None, None]


def test_F15_announcing_and_a_new_calendar_are_serialised(people):
    message = read_in_the_evening(people)
    assert at_once(people.school, snow(people), announce_due) == [None, None]
    message.refresh_from_db()
    assert message.announced_at and message.read_at == at("2026-11-17 08:30")


def acts_on_enquiry(people, enquiry: Enquiry, entry: Entry) -> dict[str, Callable[[], object]]:
    """Return what changes a pending state while the snow reschedules it."""
    office, now = people.actor(people.office), at(QUIET)
    fields = {"body": "Again", "at": now, "key": uuid4()}
    return {
        "answer": lambda: answer_enquiry(enquiry, by=office, **fields),
        "done": lambda: close_enquiry(enquiry, by=office, at=now),
        "family": lambda: add_to_enquiry(enquiry, by=people.actor(people.nia), **fields),
        "withdraw": lambda: withdraw_answer(entry, by=office, at=now),
    }


@pytest.mark.parametrize("name", ["answer", "done", "family", "withdraw"])
def test_F15_casework_and_a_new_calendar_are_serialised(people, name):
    answered_by_office(people)
    enquiry, entry = Enquiry.objects.get(), Entry.objects.get()
    assert at_once(enquiry, acts_on_enquiry(people, enquiry, entry)[name], snow(people)) == [None, None]
    enquiry.refresh_from_db()
    assert enquiry.state_release_at == at("2026-11-17 08:30")


def lowest_moved_to_the_end(people) -> list[Message]:
    """Make three messages, the lowest number last on the disk.

    A plain update would take it last.
    """
    pupils, by = [people.mali, people.efa], people.actor(people.celyn, people.adeyemi)
    people.broadcast = send_to_many(pupils=pupils, by=by, at=at(QUIET), body="A letter", key=uuid4())
    for _time in range(3):
        from_class(people, when=QUIET, staff=people.adeyemi)
    found = list(Message.objects.order_by("pk"))
    first = found[0]
    assert first.conversation.parent in (people.nia, people.gareth)
    Message.objects.filter(pk=first.pk).update(release_at=at("2026-11-16 08:31"))  # last by time, too
    return found


def acts(people) -> dict[str, Callable[[], object]]:
    guardianship = Guardianship.objects.get(pupil=people.mali, contact__user=people.nia)
    guardianship.ended_at = at(QUIET)
    return {
        "removal": lambda: withdraw_waiting_of(people.celyn.account, at=at(QUIET)),
        "guardianship": lambda: close_conversation(guardianship, at(QUIET)),
        "departed": lambda: withhold_messages_of(people.adeyemi, at(QUIET)),
        "broadcast": lambda: withdraw_broadcast(
            people.broadcast, by=people.actor(people.celyn), at=at(QUIET)
        ),
    }


@pytest.mark.parametrize("name", ["removal", "guardianship", "departed", "broadcast"])
def test_F15_several_messages_are_locked_in_order_of_number(people, name):
    lowest_moved_to_the_end(people)
    taken = Message.objects.order_by("pk")
    if name == "guardianship":
        taken = taken.filter(conversation__parent=people.nia, conversation__pupil=people.mali)
    first, *others = [
        message.pk for message in (taken.filter(in_broadcast__isnull=False) if name == "broadcast" else taken)
    ]
    assert others
    with transaction.atomic():
        Message.objects.select_for_update().get(pk=first)
        call = BlockedCall(transaction.atomic(acts(people)[name]))
        call.waits()
        try:
            with transaction.atomic():
                list(Message.objects.filter(pk__in=others).select_for_update(nowait=True))
        except OperationalError:
            pytest.fail("it holds a later message while it waits for an earlier one")
    assert call.ended() is None
    assert not Message.objects.filter(pk=first, withdrawn_at=None).exists()
    assert Notification.objects.count() == 0


def test_F35_leaving_a_class_withholds_a_message_sent_meanwhile(people):
    def ends() -> None:
        change_class_staff(people.celyn, [people.pritchard], by=people.actor(people.deputy), at=at(QUIET))

    with transaction.atomic():
        from_class(people, when=QUIET, staff=people.adeyemi)
        call = BlockedCall(ends)
        call.waits()
        assert set(people.celyn.staff.all()) == {people.pritchard, people.adeyemi}
    assert call.ended() is None
    assert Message.objects.get().withdrawn_because == "writer_removed"
