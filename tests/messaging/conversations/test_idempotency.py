"""Check repeated requests: they find the first, and lose no other text."""

import re

import pytest

from malpas.lib.idempotency import IdempotencyConflict
from messaging.conversations.services.change import withdraw_message
from messaging.conversations.services.proposals import answer_times, promise_call
from messaging.conversations.services.send import TakenBack
from messaging.models.conversations import Message
from messaging.models.enquiries import Enquiry
from messaging.models.entries import Entry
from messaging.office.services.casework import add_to_enquiry
from messaging.office.services.enquiries import submit_enquiry
from tests.clock import at
from tests.messaging.attachments.files import photo
from tests.messaging.conversations.test_proposals import TUESDAY, WEDNESDAY, offer
from tests.messaging.school_time import QUIET, from_class, from_parent
from tests.people import key
from tests.sentences.messaging import MESSAGE_WITHDRAWN
from tests.sentences.portal import SENT_ALREADY

NOW = "2026-11-10 10:00"
KEY = re.compile(r'name="key" value="([0-9a-f-]{36})"')


def post(people, body: str, sent_with: str):
    return people.client(people.nia).post(
        f"/messages/child/{people.mali.pk}/", {"body": body, "key": sent_with}
    )


def test_another_text_under_a_used_key_gets_a_new_key(people):
    used = key()
    assert post(people, "Three boxes", used).status_code == 302
    page = post(people, "Four boxes", used)
    said = page.content.decode()
    assert page.status_code == 422 and SENT_ALREADY in said
    assert "<p>Three boxes</p>" in said and ">\nFour boxes</textarea>" in said
    assert used not in said
    (fresh,) = KEY.findall(said)
    assert Message.objects.count() == 1
    assert post(people, "Four boxes", fresh).status_code == 302
    assert sorted(Message.objects.values_list("body", flat=True)) == ["Four boxes", "Three boxes"]


def test_the_same_words_under_a_used_key_are_the_first_message(people):
    first = from_parent(people, "Three boxes", key=key())
    assert from_parent(people, " Three boxes\r\n", key=first.key) == first
    with pytest.raises(IdempotencyConflict):
        from_class(people, key=from_class(people, "Yes").key, body="No")


def test_what_was_withdrawn_goes_again_with_another_key_only(people, clock):
    clock.set(QUIET)
    used = key()
    post(people, "Three boxes", used)
    withdraw_message(Message.objects.get(), by=people.actor(people.nia), at=at(QUIET))
    page = post(people, "Three boxes", used)
    assert page.status_code == 422 and MESSAGE_WITHDRAWN in page.content.decode()
    assert issubclass(TakenBack, IdempotencyConflict)
    post(people, "Three boxes", KEY.findall(page.content.decode())[0])
    assert Message.objects.filter(withdrawn_at__isnull=True).count() == 1


@pytest.mark.usefixtures("media")
@pytest.mark.usefixtures("media")
def test_a_replay_drops_no_new_file_and_doubles_no_old_one(people):
    nia, address = people.client(people.nia), f"/messages/child/{people.mali.pk}/"
    said = {"body": "See here.", "key": key()}
    for _attempt in range(2):
        assert nia.post(address, said | {"added": photo("castle.jpg")}).status_code == 302
    message = Message.objects.get()
    assert message.files.count() == 1
    assert nia.post(address, said | {"added": photo("moat.jpg")}).status_code == 422
    assert nia.post(address, said).status_code == 302


def test_other_times_and_another_choice_are_not_swallowed(people):
    offered, by, used = offer(people), people.actor(people.nia), key()
    said = {"by": by, "at": at(NOW), "key": used}
    first = answer_times(offered, chosen=at(TUESDAY), **said)
    assert answer_times(offered, chosen=at(TUESDAY), **said) == first
    with pytest.raises(IdempotencyConflict):
        answer_times(offered, chosen=at(WEDNESDAY), **said)
    with pytest.raises(IdempotencyConflict):
        answer_times(offered, chosen=at(TUESDAY), body="And Gareth comes too.", **said)


def test_a_promised_call_is_not_taken_for_a_message(people):
    conversation = from_parent(people).conversation
    by = people.actor(people.celyn)
    first = promise_call(conversation, by=by, at=at(NOW), key=key())
    assert promise_call(conversation, by=by, at=at(NOW), key=first.key) == first
    with pytest.raises(IdempotencyConflict):
        promise_call(conversation, by=by, at=at(NOW), key=first.key, body="At noon.")


def test_the_office_gets_all_that_was_written(people):
    said = {"by": people.actor(people.nia), "at": at(NOW), "key": key(), "pupils": [people.mali]}
    first = submit_enquiry(topic="other", body="A scarf", **said)
    assert submit_enquiry(topic="other", body="A scarf", **said) == first
    for other in ({"body": "A red scarf"}, {"body": "A scarf", "phone": "01632 960000"}):
        with pytest.raises(IdempotencyConflict):
            submit_enquiry(topic="other", **said | other)
    assert Enquiry.objects.count() == 1


def test_what_is_written_under_an_enquiry_is_not_swallowed(people):
    by = people.actor(people.nia)
    enquiry = submit_enquiry(
        topic="other", body="A scarf", by=by, at=at(NOW), key=key(), pupils=[people.mali]
    )
    said = {"by": by, "at": at(NOW), "key": key()}
    assert add_to_enquiry(enquiry, body="Blue", **said) == add_to_enquiry(enquiry, body="Blue", **said)
    with pytest.raises(IdempotencyConflict):
        add_to_enquiry(enquiry, body="Red", **said)
    assert Entry.objects.count() == 1
