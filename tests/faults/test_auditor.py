"""The auditor sees each kind of broken promise: each is broken here on purpose, behind the portal's back."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from accounts.calendar.services import change_calendar
from accounts.enums import DeliveryState
from accounts.models.notifications import Delivery, Notification
from accounts.models.school import School
from messaging.conversations.services.change import withdraw_message
from messaging.conversations.services.closing import hide_message
from messaging.conversations.services.scheduling import announce_due
from messaging.models.conversations import Message
from messaging.models.entries import Entry
from messaging.office.services.answers import withdraw_answer
from messaging.office.services.casework import answer_enquiry
from messaging.office.services.enquiries import submit_enquiry
from tests.clock import Clock, at
from tests.faults.auditor import CHECKS, breaches
from tests.faults.letterbox import Mail
from tests.messaging.school_time import QUIET, from_class, from_parent


def sql(query: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, values)


def answered(people) -> Entry:
    """An answer of the office to a new enquiry of Nia's; it waits."""
    said = {"at": at(QUIET), "key": uuid4()}
    enquiry = submit_enquiry(
        topic="lost", pupils=[people.mali], body="A hat", by=people.actor(people.nia), **said
    )
    return answer_enquiry(enquiry, body="It is here.", by=people.actor(people.office), **said)


@pytest.fixture
def day(people, clock):
    """A day on which all went well: what was taken by a mail server, and which keys were answered as kept."""
    stored = [from_parent(people, "One"), from_parent(people, "Two"), from_class(people)]
    announce_due()
    clock.set(QUIET)
    from_parent(people, "Waits", when=QUIET)
    withdraw_message(from_parent(people, when=QUIET), by=people.actor(people.nia), at=at(QUIET))
    with change_calendar(by=None, why="nothing"):
        pass
    Delivery.objects.update(state=DeliveryState.SENT)
    sent = at("2026-11-10 10:00")
    mails = [Mail(*row, sent) for row in Delivery.objects.values_list("message_id", "address")]
    withdraw_answer(answered(people), by=people.actor(people.office), at=at(QUIET))
    answered(people)
    return {"mails": mails, "accepted": [str(message.key) for message in stored]}


def found(day: dict, **more) -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        said = breaches(cursor, **(day | more))
    return {tuple(line.split(": ")[:2]) for line in said}


def test_a_day_without_a_fault_breaks_nothing(day):
    assert found(day) == set()


def close_early(at: str) -> None:
    sql(
        "INSERT INTO accounts_closure (kind, name, starts, ends, closes_at)"
        " VALUES ('other', 'Snow', '2026-11-10', '2026-11-10', %s)",
        at,
    )


def test_a_day_that_closes_early_was_open_until_then(day):
    close_early("12:00")
    assert found(day) == set()


# -- one function for each thing that may not be; its name is not read, its promise is ---------------------------


def lost(day):
    day["accepted"].append(str(uuid4()))
    return "I1", "answered as kept, and not there"


def sent_to_nobody(day):
    day["mails"].pop()
    return "I1", "an e-mail counts as sent that no server took"


def not_notified(day):
    sql("DELETE FROM accounts_delivery")
    day["mails"].clear()
    sql("DELETE FROM accounts_notification")
    return "I2", "announced, and a reader was not told, or twice"


def notified_twice(day):
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("ALTER TABLE accounts_notification DROP CONSTRAINT notification_once")
    sql(
        "INSERT INTO accounts_notification (recipient_id, kind, key, title, body, path)"
        " SELECT recipient_id, kind, key, title, body, path FROM accounts_notification"
        " WHERE kind = 'message' LIMIT 1"
    )
    return "I2", "announced, and a reader was not told, or twice"


def notified_too_soon(day):
    sql("UPDATE messaging_message SET announced_at = NULL WHERE id = (SELECT min(id) FROM messaging_message)")
    return "I2", "told of a message that was not announced"


def stored_twice(day):
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("ALTER TABLE messaging_message DROP CONSTRAINT message_once")
    sql("UPDATE messaging_message SET key = (SELECT key FROM messaging_message ORDER BY id LIMIT 1)")
    return "I2", "kept twice"


def arrives_at_night(day):
    sql("UPDATE messaging_message SET release_at = sent_at WHERE body = 'Waits'")
    return "I3", "arrives when school is shut"


def arrives_after_an_early_closing(day):
    close_early("09:30")
    return "I3", "arrives when school is shut"


def arrives_on_a_bank_holiday(day):
    sql("UPDATE messaging_message SET release_at = '2027-03-26 10:00Z' WHERE body = 'Waits'")
    return "I3", "arrives when school is shut"


def read_early(day):
    sql("UPDATE messaging_message SET read_at = sent_at WHERE body = 'Waits'")
    return "I3", "announced or read before its time"


def mailed_at_night(day):
    day["mails"][0] = day["mails"][0]._replace(at=at("2026-11-10 20:00"))
    return "I3", "an e-mail went when school was shut, or before its time"


def mailed_early(day):
    day["mails"][0] = day["mails"][0]._replace(at=at("2026-11-10 09:59"))
    return "I3", "an e-mail went when school was shut, or before its time"


def forgotten(day):
    Clock().set("2026-11-16 08:36")
    return "I4", "due for more than five minutes of school and not announced"


def mail_forgotten(day):
    Clock().set("2026-11-16 08:31")
    sql("UPDATE accounts_delivery SET state = 'pending'")
    return "I4", "an e-mail is due for more than five minutes of school, or failed without a reason"


def failed_silently(day):
    sql("UPDATE accounts_delivery SET state = 'failed'")
    return "I4", "an e-mail is due for more than five minutes of school, or failed without a reason"


def sent_twice_uncounted(day):
    day["mails"].append(day["mails"][0])
    return "I5", "an e-mail went more often than the portal itself counts"


def sent_twice_without_a_crash(day):
    day["mails"].append(day["mails"][0])
    sql("UPDATE accounts_delivery SET unsure = 1")
    return "I5", "more e-mails twice than processes died"


def sent_to_somebody_else(day):
    day["mails"][0] = day["mails"][0]._replace(to="dylan@family.example")
    return "I5", "an e-mail of a name that nobody gave, or to somebody else"


def announced_for_somebody_removed(day):
    sql("UPDATE accounts_user SET removed_at = '2026-11-10 09:00Z' WHERE email = 'nia@family.example'")
    return "I6", "announced after its writer lost access, or where there was no tie"


def announced_without_a_guardianship(day):
    sql("UPDATE classes_guardianship SET ended_at = '2026-11-10 09:00Z'")
    return "I6", "announced after its writer lost access, or where there was no tie"


def mailed_after_it_was_hidden(day):
    sql("UPDATE messaging_message SET hidden_at = '2026-11-10 09:00Z'")
    return "I6", "an e-mail went about something that was hidden before"


def overtaken(day):
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("ALTER TABLE messaging_message DISABLE TRIGGER USER")  # the database would not let it happen
    sql(
        "UPDATE messaging_message SET release_at = '2026-11-11 10:00Z', announced_at = NULL WHERE body = 'One'"
    )
    sql("UPDATE messaging_message SET sent_at = sent_at - interval '1 hour' WHERE body = 'One'")
    return "I7", "arrives before what was written earlier in the same conversation"


def notified_in_another_order(day):
    first, second = Notification.objects.filter(recipient__kind="class").order_by("pk")
    sql("UPDATE accounts_notification SET key = 'x' WHERE id = %s", first.pk)
    sql("UPDATE accounts_notification SET key = %s WHERE id = %s", first.key, second.pk)
    sql("UPDATE accounts_notification SET key = %s WHERE id = %s", second.key, first.pk)
    return "I7", "told of in another order than it was written"


def a_fault_of_ours(day):
    day["answers"] = [(str(uuid4()), 500)]
    return "I8", "answered with a fault of ours"


def refused_and_stored(day):
    day["answers"] = [(day["accepted"][0], 422)]
    return "I8", "refused, and kept all the same"


def hidden_without_a_word(day):
    sql("UPDATE messaging_message SET hidden_at = '2026-11-13 20:00Z' WHERE body = 'Waits'")
    return "I9", "withdrawn by its writer or hidden, and not exactly one entry in the record"


def withdrawn_without_a_word(day):
    sql(
        "UPDATE messaging_message SET withdrawn_at = now(), withdrawn_because = 'writer' WHERE body = 'Waits'"
    )
    return "I9", "withdrawn by its writer or hidden, and not exactly one entry in the record"


def answer_withdrawn_without_a_word(day):
    sql("UPDATE messaging_entry SET withdrawn_at = now() WHERE withdrawn_at IS NULL")
    return "I9", "an answer was withdrawn, and not exactly one entry is in the record"


def answer_withdrawn_and_its_mail_stands(day):
    sql("UPDATE messaging_entry SET withdrawn_at = now() WHERE withdrawn_at IS NULL")
    return "I6", "an e-mail went, or waits, about an answer that was withdrawn"


def calendar_changed_without_a_word(day):
    School.objects.update(calendar_version=5)
    return "I9", "the calendar changed more often than the record says"


def record_unprotected(day):
    sql("ALTER TABLE accounts_auditentry DISABLE TRIGGER USER")
    return "I9", "the record can be changed"


BROKEN = [
    *(lost, sent_to_nobody, not_notified, notified_twice, notified_too_soon, stored_twice, arrives_at_night),
    *(arrives_on_a_bank_holiday, read_early, mailed_at_night, mailed_early, forgotten, mail_forgotten),
    *(failed_silently, sent_twice_uncounted, sent_twice_without_a_crash, sent_to_somebody_else),
    *(
        announced_for_somebody_removed,
        announced_without_a_guardianship,
        mailed_after_it_was_hidden,
        overtaken,
    ),
    *(notified_in_another_order, a_fault_of_ours, refused_and_stored, hidden_without_a_word),
    *(answer_withdrawn_without_a_word, answer_withdrawn_and_its_mail_stands),
    *(withdrawn_without_a_word, calendar_changed_without_a_word, record_unprotected),
]


@pytest.mark.parametrize("break_it", BROKEN, ids=lambda each: each.__name__)
def test_each_broken_promise_is_seen(day, break_it):
    assert break_it(day) in found(day)


def test_every_check_is_tried():
    tried = Path(__file__).read_text().split('"')
    assert {what for _promise, what, _query in CHECKS} <= set(tried)


def test_what_a_leader_hid_properly_is_no_breach(day, people):
    message = Message.objects.get(body="Waits")
    hide_message(message, by=people.actor(people.head), at=at(QUIET))
    assert found(day) == set()
