"""Check that closing school says first what waits longer.

In numbers; then it asks (TE-4, PA-6).
"""

import pytest

from accounts.models.audit import AuditEntry
from accounts.models.school import Closure
from messaging.conversations.services.change import withdraw_message
from messaging.enums import Topic
from messaging.models.conversations import Message
from messaging.office.services.casework import answer_enquiry
from messaging.office.services.enquiries import submit_enquiry
from messaging.oversight.suspension import suspend_messaging
from tests.clock import at
from tests.messaging.school_time import from_class, from_parent
from tests.people import key, make_staff
from tests.sentences.accounts import NOTHING_WAITS_LONGER, OPENS_NEXT
from tests.sentences.messaging import (
    ANSWER_WAITS_LONGER,
    MESSAGE_TO_CLASS_WAITS_LONGER,
    MESSAGE_TO_FAMILY_WAITS_LONGER,
    MESSAGES_TO_CLASSES_WAIT_LONGER,
)
from tests.sentences.reading import says
from tests.sentences.stories import STORY_WAITS_LONGER
from tests.stories.kit import story

EVENING, CLOSE = "2026-11-10 19:00", "/calendar/close/"
SNOW = {"name": "Snow", "name_cy": "Eira", "first": "2026-11-11", "last": "", "closes_at": ""}


@pytest.fixture
def evening(people, clock):
    """Let messages and an answer wait in the evening.

    Two for the class, one for a family, an answer of the office.
    """
    clock.set(EVENING)
    for body in ("Her bag", "His coat"):
        from_parent(people, body, when=EVENING)
    from_class(people, "Wellies", when=EVENING)
    nia, office = people.actor(people.nia), people.actor(people.office)
    facts = {"pupils": [people.mali], "by": nia, "at": at(EVENING)}
    enquiry = submit_enquiry(topic=Topic.OTHER, body="A hat", key=key(), **facts)
    answer_enquiry(enquiry, body="It is here.", by=office, at=at(EVENING), key=key())
    return people


@pytest.mark.parametrize(("language", "name"), [("en", "Snow"), ("cy", "Eira")])
def test_the_question_names_the_reason_in_the_readers_language(people, clock, settings, language, name):
    clock.set(EVENING)
    browser = people.client(people.head)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert f"<b>{name}</b>" in browser.post(CLOSE, SNOW).content.decode()


@pytest.mark.policy("TE-4", "PA-6")
@pytest.mark.parametrize("who", ["head", "office"])
def test_closing_says_before_what_waits_longer_and_closes_nothing(evening, who):
    browser = evening.client(getattr(evening, who))
    before = list(Message.objects.values_list("pk", "release_at"))
    page = browser.post(CLOSE, SNOW)
    text = page.content.decode()
    assert page.status_code == 200 and says(text, MESSAGES_TO_CLASSES_WAIT_LONGER, number=2)
    assert says(text, MESSAGE_TO_FAMILY_WAITS_LONGER, number=1) and says(text, ANSWER_WAITS_LONGER, number=1)
    assert says(text, OPENS_NEXT, day="Thursday 12 November, 08:30")
    assert not Closure.objects.filter(kind="closed").exists()
    assert not AuditEntry.objects.filter(verb="calendar.changed").exists()
    assert list(Message.objects.values_list("pk", "release_at")) == before
    assert "Her bag" not in text and "Nia" not in text


def test_the_second_post_closes_and_moves_just_that(evening):
    browser = evening.client(evening.head)
    browser.post(CLOSE, SNOW)
    browser.post(CLOSE, SNOW | {"confirmed": "1"})
    assert Closure.objects.filter(kind="closed").count() == 1
    assert set(Message.objects.values_list("release_at", flat=True)) == {at("2026-11-12 08:30")}
    assert AuditEntry.objects.get(verb="calendar.changed").detail["moved"] >= 4


def test_what_was_withdrawn_or_arrives_before_waits_no_longer(evening):
    message = Message.objects.get(body="Her bag")
    withdraw_message(message, by=evening.actor(evening.nia), at=at(EVENING))
    browser = evening.client(evening.head)
    assert says(browser.post(CLOSE, SNOW).content.decode(), MESSAGE_TO_CLASS_WAITS_LONGER, number=1)
    later = browser.post(CLOSE, SNOW | {"first": "2026-11-12"}).content.decode()
    assert says(later, NOTHING_WAITS_LONGER)  # all of it arrives on Wednesday


def test_an_early_end_delays_nothing_that_has_arrived(evening, clock):
    clock.set("2026-11-11 10:00")
    page = evening.client(evening.head).post(CLOSE, SNOW | {"closes_at": "13:00"}).content.decode()
    assert says(page, NOTHING_WAITS_LONGER) and says(page, OPENS_NEXT, day="Thursday 12 November, 08:30")


def test_a_story_that_waits_is_named_too(people, clock):
    clock.set(EVENING)
    story(people)
    page = people.client(people.head).post(CLOSE, SNOW).content.decode()
    assert says(page, STORY_WAITS_LONGER, number=1)


@pytest.mark.policy("PA-7")
def test_the_governors_answers_are_in_no_number(people, clock):
    clock.set(EVENING)
    governor = make_staff("Dr", "Olwen", "Prys", personal=True, is_governor=True, job="Governor")
    nia = people.actor(people.nia)
    enquiry = submit_enquiry(
        topic=Topic.COMPLAINT, pupils=[], about="head", body="So", by=nia, at=at(EVENING), key=key()
    )
    answer_enquiry(enquiry, body="I see.", by=people.actor(governor), at=at(EVENING), key=key())
    page = people.client(people.head).post(CLOSE, SNOW).content.decode()
    assert says(page, NOTHING_WAITS_LONGER)


def test_stopped_messages_wait_for_no_opening(evening):
    suspend_messaging(by=evening.actor(evening.head), at=at(EVENING), reason="An account was stolen")
    page = evening.client(evening.head).post(CLOSE, SNOW).content.decode()
    assert not says(page, MESSAGES_TO_CLASSES_WAIT_LONGER, number=2)


def test_what_would_be_refused_is_refused_before_it_is_asked(evening):
    answer = evening.client(evening.head).post(CLOSE, SNOW | {"first": "2026-11-14"})
    assert answer.status_code == 422 and "Snow" in answer.content.decode()
