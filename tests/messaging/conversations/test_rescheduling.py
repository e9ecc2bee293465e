"""Check that a calendar change reschedules everything pending (F37).

At once; the audit has the old and the new times.
"""

from datetime import date, time
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accounts.calendar.services import change_calendar
from accounts.enums import ClosureKind
from accounts.models.audit import AuditEntry
from accounts.models.notifications import Delivery, Notification
from accounts.models.school import Closure, Term, WorkingHours
from messaging.conversations.services.send import send_message
from messaging.models.conversations import Message
from messaging.models.enquiries import Enquiry
from messaging.models.entries import Entry
from messaging.office.services.casework import answer_enquiry, note_on_enquiry
from messaging.office.services.enquiries import submit_enquiry
from messaging.oversight.suspension import suspend_messaging
from stories.models import Post
from stories.services import write_post
from tests.clock import at
from tests.messaging.school_time import from_class, from_parent

EVENING, SNOW = "2026-11-10 20:00", "2026-11-11 07:00"
DUE, LATER = at("2026-11-11 08:30"), at("2026-11-12 08:30")


def close(people, on=date(2026, 11, 11)) -> None:
    with change_calendar(by=people.actor(people.office), why="snow"):
        Closure.objects.create(kind=ClosureKind.CLOSED, name="Snow", starts=on, ends=on)


@pytest.fixture
def waiting(people, clock):
    """Make one pending row of each kind for Wednesday 08:30."""
    clock.set(EVENING)
    nia, office, now = people.actor(people.nia), people.actor(people.office), at(EVENING)
    send_message(pupil=people.mali, parent=people.nia, body="Her bag", by=nia, at=now, key=uuid4())
    write_post(people.celyn, by=people.actor(people.celyn), at=now, title="Owls", body="Hoo", key=uuid4())
    enquiry = submit_enquiry(topic="lost", pupils=[people.mali], body="A hat", by=nia, at=now, key=uuid4())
    answer_enquiry(enquiry, body="It is here.", by=office, at=now, key=uuid4())
    return people


def times() -> dict[str, set]:
    return {
        "message": set(Message.objects.values_list("release_at", flat=True)),
        "post": set(Post.objects.values_list("release_at", flat=True)),
        "answer": set(Entry.objects.values_list("release_at", flat=True)),
        "notice": set(Notification.objects.values_list("release_at", flat=True)),
        "mail": set(Delivery.objects.values_list("next_attempt_at", flat=True)),
    }


@pytest.mark.policy("TE-4", "PA-6")
def test_f37_snow_at_seven_moves_what_was_due_at_0830(waiting, clock):
    assert times() == {key: {DUE} for key in times()}
    clock.set(SNOW)
    close(waiting)
    assert times() == {key: {LATER} for key in times()}
    assert AuditEntry.objects.get(verb="calendar.changed").detail["moved"] >= 3


@pytest.mark.parametrize("write", [from_parent, from_class])
def test_the_record_says_how_many_moved_and_not_whose_they_were(people, clock, write):
    clock.set(EVENING)
    write(people, when=EVENING)
    close(people)
    detail = AuditEntry.objects.get(verb="calendar.changed").detail
    assert detail["moved"] == 1 and set(detail) == {"why", "moved", "changed"}


def test_f37_an_answer_arrives_at_the_opening_after_the_snow(waiting, clock):
    clock.set(SNOW)
    close(waiting)
    clock.set("2026-11-11 10:00")
    with change_calendar(by=None, why="thaw"):
        Closure.objects.filter(kind=ClosureKind.CLOSED).delete()
    assert times() == {key: {at("2026-11-11 10:00")} for key in times()}


def test_f37_an_answer_moves_while_suspended(waiting, clock):
    suspend_messaging(by=waiting.actor(waiting.head), at=at(EVENING), reason="Somebody sends rude pictures.")
    clock.set(SNOW)
    close(waiting)
    assert set(Entry.objects.values_list("release_at", flat=True)) == {LATER}


def test_f37_a_note_and_an_answer_that_arrived_stay_as_they_are(waiting, clock):
    clock.set("2026-11-11 09:00")
    note_on_enquiry(
        Enquiry.objects.get(),
        body="Ask again",
        by=waiting.actor(waiting.office),
        at=at("2026-11-11 09:00"),
        key=uuid4(),
    )
    close(waiting)
    assert times()["answer"] == {DUE, at("2026-11-11 09:00")}


def test_the_record_says_what_each_row_was_and_is(people):
    with change_calendar(by=people.actor(people.office), why="by hand"):
        WorkingHours.objects.filter(weekday=4).update(teaching_end=time(15, 0))
        Term.objects.filter(name="Summer 2027").update(ends=date(2027, 7, 21))
        Closure.objects.filter(starts=date(2026, 10, 26)).delete()
        Closure.objects.create(kind="inset", name="INSET", starts=date(2026, 11, 16), ends=date(2026, 11, 16))
    changed = AuditEntry.objects.get(verb="calendar.changed").detail["changed"]
    hours = "08:30 17:00 08:30 16:30 08:30 15:30 09:00"
    assert sorted(changed.values(), key=str) == sorted(
        [
            [f"{hours} 15:30", f"{hours} 15:00"],
            ["2027-04-19 to 2027-07-20", "2027-04-19 to 2027-07-21"],
            ["half_term 2026-10-26 to 2026-10-30", None],
            [None, "inset 2026-11-16 to 2026-11-16"],
        ],
        key=str,
    )


@pytest.mark.policy("TE-4", "PA-6")
def test_f37_school_that_closes_at_noon_is_quiet_from_noon_on(people, clock):
    clock.set("2026-11-10 11:00")
    with change_calendar(by=people.actor(people.office), why="snow"):
        early = {"kind": ClosureKind.CLOSED, "name": "Snow", "closes_at": time(12)}
        Closure.objects.create(starts=date(2026, 11, 10), ends=date(2026, 11, 10), **early)
    nia = people.actor(people.nia)
    sent = [
        send_message(pupil=people.mali, parent=people.nia, body="Her bag", by=nia, at=at(when), key=uuid4())
        for when in ("2026-11-10 11:59", "2026-11-10 12:00")
    ]
    assert [message.release_at for message in sent] == [at("2026-11-10 11:59"), DUE]
    clock.set("2026-11-10 13:00")
    page = people.client(people.nia).get(f"/messages/{sent[0].conversation_id}/").content.decode()
    assert "Quiet until Wednesday 08:30" in page
    fortnight = people.client(people.nia).get("/calendar/").content.decode()
    assert "08:30–12:00" in fortnight and "School closes early: Snow" in fortnight
    (entry,) = AuditEntry.objects.filter(verb="calendar.changed")
    assert "from 12:00" in str(entry.detail["changed"])


def test_a_day_that_ends_early_is_one_day(people):
    early = {"kind": ClosureKind.CLOSED, "name": "Snow", "closes_at": time(12)}
    with pytest.raises(IntegrityError, match="closure_closes_early_on_one_day"), transaction.atomic():
        Closure.objects.create(starts=date(2026, 11, 10), ends=date(2026, 11, 11), **early)
