"""Check screening, and the standard replies of the school (AU-1, PA-8)."""

import pytest

from accounts.models.school import School
from messaging.conversations.services.change import change_message
from messaging.conversations.services.screening import BetterDiscussed, FaceToFace
from messaging.conversations.services.send import send_message
from messaging.models.conversations import Message
from messaging.models.screening import Phrase, StandardReply
from messaging.screening.phrases import phrase_in
from messaging.screening.school_lists import clear_school_lists_cache
from tests.clock import at
from tests.messaging.school_time import QUIET, from_parent, page_text
from tests.people import key
from tests.sentences.messaging import (
    CONFIRM_UNKIND_MESSAGE,
    HOW_IS_THE_CHILD,
    SEND_AS_IT_IS,
    TOO_MANY_MESSAGES,
)

NOW = "2026-11-10 10:00"


@pytest.fixture(autouse=True)
def lists(db):
    """Set the school's lists, whatever an earlier test left."""
    Phrase.objects.all().delete()
    StandardReply.objects.all().delete()
    for kind, language, said in [
        ("unkind", "en", "idiot"),
        ("unkind", "cy", "twpsyn"),
        ("progress", "en", "how is * getting on"),
        ("progress", "cy", "sut mae * dod ymlaen"),
    ]:
        Phrase.objects.create(kind=kind, language=language, text=said)
    StandardReply.objects.create(
        title_en="Thanks", title_cy="Diolch", body_en="Thank you.", body_cy="Diolch."
    )
    clear_school_lists_cache()
    yield
    clear_school_lists_cache()


@pytest.mark.parametrize(
    ("said", "phrase", "found"),
    [
        ("You are an IDIOT!", "idiot", True),
        ("You idiooot", "idiot", True),
        ("1d10t", "idiot", True),
        ("you stpuid man", "stupid", True),
        ("you stupd man", "stupid", True),
        ("f*ck this", "fuck", True),
        ("Mae'n ffwl", "ffŵl", True),
        ("the idiotic thing", "idiot", False),
        ("in Scunthorpe", "cunt", False),
        ("we looked at the moon", "moron", False),
        ("How is my little Mali getting on today?", "how is * getting on", True),
        ("how is it that the whole class is getting on the bus", "how is * getting on", False),
        ("Sut mae Mali yn dod ymlaen?", "sut mae * dod ymlaen", True),
        ("2 * 3", "*", False),
        ("", "idiot", False),
    ],
)
def test_a_phrase_is_found_as_whole_words_with_simple_slips(said, phrase, found):
    assert bool(phrase_in(said, [phrase])) is found


def send(people, body, confirmed=frozenset(), who=None):
    writer = who or people.nia
    return send_message(
        pupil=people.mali, parent=people.nia, by=people.actor(writer), at=at(NOW), body=body, key=key(), confirmed=confirmed
    )  # fmt: skip


@pytest.mark.policy("AU-1")
@pytest.mark.parametrize("who", ["nia", "celyn"])
def test_abusive_words_are_screened_once_for_everybody(people, who):
    writer = getattr(people, who)
    with pytest.raises(FaceToFace):
        send(people, "You twpsyn", who=writer)
    assert not Message.objects.exists()
    assert send(people, "You twpsyn", {"unkind"}, writer).body == "You twpsyn"


@pytest.mark.policy("AU-1")
def test_the_page_asks_once_keeps_the_text_and_then_sends_it(people):
    nia, address = people.client(people.nia), f"/messages/child/{people.mali.pk}/"
    typed = {"body": "You idiot, the scarf is blue.", "key": key()}
    answer = nia.post(address, typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and not Message.objects.exists()
    assert CONFIRM_UNKIND_MESSAGE in page and "You idiot, the scarf is blue." in page
    assert 'name="confirmed" value="unkind"' in page and SEND_AS_IT_IS in page
    assert nia.post(address, typed | {"confirmed": "unkind"}).status_code == 302
    assert Message.objects.get().body == typed["body"]


@pytest.mark.policy("AU-1")
def test_changing_a_pending_message_is_screened_too(people):
    message = from_parent(people, when=QUIET)
    change = {"by": people.actor(people.nia), "at": at(QUIET), "body": "idiot"}
    with pytest.raises(FaceToFace):
        change_message(message, confirmed=frozenset(), **change)
    assert change_message(message, confirmed={"unkind"}, **change).body == "idiot"


@pytest.mark.policy("PA-8")
@pytest.mark.parametrize("said", ["How is Mali getting on at school?", "Sut mae Mali yn dod ymlaen?"])
def test_asking_for_progress_leads_to_a_meeting_and_never_blocks(people, said):
    nia, address = people.client(people.nia), f"/messages/child/{people.mali.pk}/"
    page = nia.post(address, {"body": said, "key": key()}).content.decode()
    meeting = f"/messages/child/{people.mali.pk}/meeting/"
    assert "best talked about" in page and f'formaction="{meeting}"' in page
    form = nia.post(meeting, {"body": said}).content.decode()
    assert said.split("?")[0] in form and "Error:" not in form
    assert nia.post(address, {"body": said, "key": key(), "confirmed": "progress"}).status_code == 302


@pytest.mark.policy("PA-8")
def test_how_is_my_child_leads_to_a_meeting_request(people):
    page = page_text(people.client(people.nia), "/write/")
    assert f'href="/messages/child/{people.mali.pk}/meeting/"' in page
    assert HOW_IS_THE_CHILD % {"name": "Mali"} in page


def test_the_class_is_not_screened_for_progress(people):
    assert send(people, "How is Mali getting on with her cold?", who=people.celyn)
    with pytest.raises(BetterDiscussed):
        send(people, "How is Mali getting on with her cold?")


def test_slt_changes_the_list_and_the_next_message_knows(people):
    deputy = people.client(people.deputy)
    answer = {"kind": "unkind", "language": "en", "text": "numbskull"}
    assert send(people, "numbskull")
    assert deputy.post("/admin/messaging/phrase/add/", answer).status_code == 302
    assert School.objects.here().lists_version == 1
    with pytest.raises(FaceToFace):
        send(people, "numbskull")


@pytest.mark.parametrize(("language", "said"), [("en", "Thank you."), ("cy", "Diolch.")])
def test_a_standard_reply_follows_the_text_in_their_language(people, language, said):
    people.nia.language = language
    people.nia.save()
    conversation, celyn = from_parent(people).conversation, people.client(people.celyn)
    reply = StandardReply.objects.get()
    typed = {"body": "Good news!", "reply": reply.pk, "put": "1", "key": key()}
    page = celyn.post(f"/messages/{conversation.pk}/", typed)
    assert page.status_code == 200 and f"Good news!\n\n{said}</textarea>" in page.content.decode()
    assert Message.objects.count() == 1
    assert celyn.post(f"/messages/{conversation.pk}/", typed | {"reply": "x"}).status_code == 200


def test_a_parent_has_no_standard_replies(people):
    conversation = from_parent(people).conversation
    assert "Standard replies" in page_text(people.client(people.celyn), f"/messages/{conversation.pk}/")
    assert "Standard replies" not in page_text(people.client(people.nia), f"/messages/{conversation.pk}/")


@pytest.mark.policy("AU-4")
def test_the_school_sets_the_hourly_limit_of_a_parent(people):
    School.objects.update(messages_an_hour=2)
    send(people, "One")
    send(people, "Two")
    nia = people.client(people.nia)
    third = nia.post(f"/messages/child/{people.mali.pk}/", {"body": "Three", "key": key()})
    assert third.status_code == 422 and TOO_MANY_MESSAGES in third.content.decode()
    assert "Three" in third.content.decode()


@pytest.mark.policy("AU-1")
def test_unkind_words_beside_times_are_screened_once_too(people):
    nia, fields = people.client(people.nia), {"time_1": "2026-11-17T15:45", "how": "either", "spoken": "en"}
    address = f"/messages/child/{people.mali.pk}/meeting/"
    unkind = fields | {"about": "You are an idiot", "key": key()}
    page = nia.post(address, unkind)
    assert page.status_code == 422 and "face to face" in page.content.decode()
    assert 'name="confirmed" value="unkind"' in page.content.decode() and not Message.objects.exists()
    assert nia.post(address, unkind | {"confirmed": "unkind"}).status_code == 302


def test_a_meeting_may_be_about_a_childs_progress(people):
    fields = {"time_1": "2026-11-17T15:45", "how": "either", "spoken": "en", "key": key()}
    fields |= {"about": "How is Mali getting on with her reading?"}
    answer = people.client(people.nia).post(f"/messages/child/{people.mali.pk}/meeting/", fields)
    assert answer.status_code == 302


def test_A46_each_different_word_is_compared_once_with_a_phrase(monkeypatch):
    from messaging.screening import phrases

    calls, real = [], phrases._is
    monkeypatch.setattr(phrases, "_is", lambda *words: calls.append(words) or real(*words))
    assert phrases.phrase_in("a " * 2490 + "you are mean", ["how is she", "you are mean"]) == "you are mean"
    assert len(calls) < 20
    calls.clear()
    assert phrases.phrase_in("㎉" * 4960, ["how is she"]) == "" and calls == []


@pytest.mark.django_db
def test_A46_screened_messages_count(people, no_counts, monkeypatch):
    from dataclasses import replace

    from messaging.conversations.services import screening

    monkeypatch.setattr(screening, "CONFIRMATIONS", replace(screening.CONFIRMATIONS, amount=2))
    browser, page = people.client(people.nia), f"/messages/child/{people.mali.pk}/"
    answers = [
        browser.post(page, {"body": "How is she getting on at school?", "key": key()}).content.decode()
        for _number in range(3)
    ]
    assert TOO_MANY_MESSAGES in answers[2]
    assert all(TOO_MANY_MESSAGES not in answer for answer in answers[:2])
