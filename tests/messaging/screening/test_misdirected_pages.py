"""Check misdirected messages: confirmed first, or rerouted later (PA-7)."""

import re

import pytest

from malpas.lib.hidden import hide
from messaging.models.conversations import Message
from messaging.models.enquiries import Enquiry
from tests.people import key
from tests.sentences.messaging import NO_THIS_IS_FOR_THE_CLASS, OFFICE_HAS_IT_NOW, REROUTED_TO_OFFICE
from tests.sentences.portal import THERE_IS_A_PROBLEM
from tests.sentences.reading import says

MISDIRECTED = "She's been sick all night"


def write(people, body=MISDIRECTED, **more):
    browser = people.client(people.nia)
    return browser, browser.post(f"/messages/child/{people.mali.pk}/", {"body": body, "key": key()} | more)


@pytest.mark.policy("PA-7")
def test_a_message_for_the_office_is_screened_once_and_kept(people):
    browser, answer = write(people)
    page = answer.content.decode()
    assert answer.status_code == 422 and "Absence or sickness" in page and "been sick all night" in page
    assert 'formaction="/write/absence/"' in page and NO_THIS_IS_FOR_THE_CLASS in page
    assert not Message.objects.exists()
    answer = {"body": MISDIRECTED, "confirmed": "office", "key": key()}
    assert browser.post(f"/messages/child/{people.mali.pk}/", answer).status_code == 302
    assert Message.objects.get().body == MISDIRECTED and not Enquiry.objects.exists()


@pytest.mark.policy("PA-7")
def test_the_offices_form_opens_with_the_words_and_the_child(people):
    browser, _answer = write(people)
    page = browser.post(
        "/write/absence/", {"begin": "1", "body": MISDIRECTED, "child": people.mali.pk}
    ).content.decode()
    assert "been sick all night" in page and THERE_IS_A_PROBLEM not in page
    assert f'value="{people.mali.pk}" checked' in page or "checked" in page.split('name="children"')[1][:200]
    assert not Enquiry.objects.exists()


def test_a_coat_opens_the_form_for_lost_things_with_the_words(people):
    browser, answer = write(people, "Has anybody found Mali's coat?")
    assert 'formaction="/write/lost/"' in answer.content.decode()
    page = browser.post("/write/lost/", {"begin": "1", "body": "Has anybody found it?"}).content.decode()
    assert "Has anybody found it?" in page


@pytest.mark.parametrize("body", ["Thank you for today", "What is the homework?", "Diolch am bopeth"])
def test_ordinary_words_go_straight_to_the_class(people, body):
    assert write(people, body)[1].status_code == 302 and Message.objects.get().body == body


def test_the_class_is_never_screened_for_the_office(people):
    celyn = people.client(people.celyn)
    address = f"/messages/child/{people.mali.pk}/parent/{people.nia.pk}/"
    assert celyn.post(address, {"body": "Mali was sick and lost her coat", "key": key()}).status_code == 302


def rerouted(people) -> tuple[Message, object]:
    write(people, confirmed="office")
    message, celyn = Message.objects.get(), people.client(people.celyn)
    page = celyn.get(f"/messages/{message.conversation_id}/").content.decode()
    assert MISDIRECTED.replace("'", "&#x27;") in page and f"/messages/pass-on/{hide(message.pk)}/" in page
    offered = celyn.get(f"/messages/pass-on/{hide(message.pk)}/").content.decode()
    assert re.search(r'button--primary"\s+name="topic"\s+value="absence"', offered)
    reply = celyn.post(f"/messages/pass-on/{hide(message.pk)}/", {"topic": "absence"}, follow=True)
    assert reply.status_code == 200 and says(reply.content.decode(), OFFICE_HAS_IT_NOW)
    return message, celyn


@pytest.mark.policy("PA-7")
def test_a_rerouted_message_leaves_the_class(people):
    message, celyn = rerouted(people)
    for address in ("/messages/", f"/messages/{message.conversation_id}/new/", "/messages/families/"):
        assert "sick all night" not in celyn.get(address).content.decode()
    assert celyn.get(f"/messages/pass-on/{hide(message.pk)}/").status_code == 404
    enquiry = Enquiry.objects.get()
    assert "sick all night" in people.client(people.office).get(f"/office/{enquiry.pk}/").content.decode()
    own = people.client(people.nia).get(f"/messages/{message.conversation_id}/").content.decode()
    assert REROUTED_TO_OFFICE in own


@pytest.mark.parametrize("topic", ["", "gossip", "x" * 400])
def test_a_topic_that_is_none_passes_nothing_on(people, topic):
    write(people, confirmed="office")
    message = Message.objects.get()
    reply = people.client(people.celyn).post(f"/messages/pass-on/{hide(message.pk)}/", {"topic": topic})
    assert reply.status_code == 422 and not Enquiry.objects.exists()


def test_a_pending_message_is_neither_shown_nor_rerouted(people, clock):
    clock.set("2026-11-10 20:00")
    write(people, confirmed="office")
    message = Message.objects.get()
    assert people.client(people.celyn).get(f"/messages/pass-on/{hide(message.pk)}/").status_code == 404
