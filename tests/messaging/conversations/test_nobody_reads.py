"""Check that families cannot write where nobody reads (PA-6).

Somebody who can change that is notified.
"""

import re

import pytest

from accounts.models.notifications import Notification
from accounts.models.people import StaffMember, User
from classes.models.classrooms import Classroom
from classes.models.pupils import Pupil
from classes.queries import classes_nobody_reads
from messaging.conversations.services.permissions import NobodyReads
from messaging.conversations.services.proposals import ask_for_meeting
from messaging.conversations.services.scheduling import announce_due
from messaging.conversations.services.send import send_message
from messaging.models.conversations import Message
from tests.clock import at
from tests.people import key
from tests.sentences.messaging import NOBODY_READS_THE_CLASS

NOW = at("2026-11-10 10:00")
pytestmark = pytest.mark.policy("PA-6")
CLOSED = {
    "no account": lambda people: Classroom.objects.filter(pk=people.celyn.pk).update(account=None),
    "account not active": lambda people: User.objects.filter(pk=people.celyn.account.pk).update(
        is_active=False
    ),
    "account removed": lambda people: User.objects.filter(pk=people.celyn.account.pk).update(removed_at=NOW),
    "no staff": lambda people: people.celyn.staff.clear(),
    "staff departed": lambda people: people.celyn.staff.update(left_on="2026-11-09"),
    "no class": lambda people: Pupil.objects.filter(pk=people.mali.pk).update(classroom=None),
}


def write(people, body="Hello", when=NOW) -> Message:
    return send_message(
        pupil=people.mali, parent=people.nia, body=body, by=people.actor(people.nia), at=when, key=key()
    )


def notices_of(user) -> list[str]:
    return list(Notification.objects.filter(recipient=user, kind="alarm").values_list("title", flat=True))


@pytest.mark.parametrize("how", CLOSED)
def test_a_family_does_not_write_where_nobody_reads(people, how):
    assert write(people)
    CLOSED[how](people)
    people.mali.refresh_from_db()
    with pytest.raises(NobodyReads, match="01632 960115"):
        write(people)
    with pytest.raises(NobodyReads):
        ask_for_meeting(
            pupil=people.mali, parent=people.nia, by=people.actor(people.nia), at=NOW, key=key(),
            times=[at("2026-11-12 15:45")], how="school", spoken="en",
        )  # fmt: skip
    assert Message.objects.count() == 1


@pytest.mark.parametrize("how", CLOSED)
def test_the_page_offers_no_field_and_keeps_what_was_typed(people, how):
    browser = people.client(people.nia)
    pages = [f"/messages/child/{people.mali.pk}/", f"/messages/child/{people.mali.pk}/meeting/"]
    pages = [page for page in pages if browser.get(page).status_code == 200]
    assert pages and all("<textarea" in browser.get(page).content.decode() for page in pages)
    CLOSED[how](people)
    for page in pages:
        text = browser.get(page).content.decode()
        assert "01632 960115" in text and "<textarea" not in text
    answer = browser.post(pages[0], {"body": "Mali has a cough", "key": str(key())})
    assert answer.status_code == 422
    assert re.search(r"<textarea[^>]*>\s*Mali has a cough", answer.content.decode())


def test_a_class_with_one_reader_is_written_to(people):
    first = people.celyn.staff.order_by("pk").first()
    StaffMember.objects.filter(pk=first.pk).update(left_on="2026-11-09")
    assert write(people)


def test_leaders_hear_in_the_morning_of_what_waits_for_nobody(people, clock):
    clock.set("2026-11-10 20:00")
    for _each in range(2):
        write(people, when=at("2026-11-10 20:00"))
    people.celyn.staff.clear()
    announce_due()
    assert not notices_of(people.head.user)
    clock.set("2026-11-11 08:30")
    announce_due()
    assert (
        notices_of(people.head.user)
        == notices_of(people.office.user)
        == [NOBODY_READS_THE_CLASS % {"class": "Celyn"}]
    )
    assert not notices_of(people.howells.user or people.nia)


def test_what_arrives_where_somebody_reads_alarms_nobody(people, clock):
    write(people)
    announce_due()
    assert not notices_of(people.head.user)


def test_leaders_and_office_see_which_classes_nobody_reads(people):
    head, office = people.client(people.head), people.client(people.office)
    pages = [(head, "/"), (head, "/status/"), (office, "/status/")]
    assert not any("Nobody reads" in client.get(page).content.decode() for client, page in pages)
    people.celyn.staff.clear()
    Classroom.objects.create(name="Empty")
    assert list(classes_nobody_reads()) == [people.celyn]
    for client, page in pages:
        text = client.get(page).content.decode().split("Nobody reads")[1]
        assert f"/classes/{people.celyn.pk}/" in text and "Empty" not in text
