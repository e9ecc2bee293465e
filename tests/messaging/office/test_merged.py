"""Check calls and messages when two records become one."""

import pytest

from classes.models.guardianships import Contact
from classes.people.merging import merge_contacts
from messaging.conversations.services.send import send_message
from messaging.enums import Topic
from messaging.models.conversations import Message
from messaging.models.enquiries import Origin
from messaging.office.services.calls import record_call
from tests.clock import at
from tests.people import guardianship, key, make_contact, make_user

NOW = "2026-11-10 10:00"
pytestmark = pytest.mark.django_db


def test_calls_are_the_record_s_that_stays(people, clock):
    office, nan = people.actor(people.office), make_contact("Beti", "Bowen")
    guardianship(nan, people.mali, slot=None)
    record_call(
        topic=Topic.LOST, contact=nan, pupils=[people.mali], body="A hat", by=office, at=at(NOW), key=key()
    )
    keep = make_contact("Beti", "Bowen-Rees")
    merge_contacts(keep=keep, gone=nan, account=None, by=office, at=at(NOW))
    assert Origin.objects.get().contact == keep


@pytest.mark.policy("AU-2")
def test_what_waits_of_the_account_that_goes_is_withdrawn(people, clock):
    sunday = clock.set("2026-11-08 19:00")
    send_message(
        pupil=people.mali, parent=people.nia, by=people.actor(people.nia), at=sunday, body="Good evening.", key=key(),
        confirmed=["progress", "unkind", "office"],
    )  # fmt: skip
    other = make_contact("Nia", "Bowen", make_user("Nia Bowen", "nia.bowen@example.org"))
    mine = Contact.objects.get(user=people.nia)
    merge_contacts(keep=mine, gone=other, account=other.user_id, by=people.actor(people.office), at=sunday)
    assert Message.objects.get().withdrawn_at is not None
    mine.refresh_from_db()
    assert mine.user_id == other.user_id
