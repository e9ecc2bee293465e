"""Check that an agreed time says what to do, and that both sides cancel it or move it (TE-8, PA-8)."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from icalendar import Calendar

from accounts.calendar.hours import school_hours
from malpas.lib.hidden import hide
from messaging.conversations.rules import time_problem, times_to_offer
from messaging.conversations.services.change import withdraw_message
from messaging.conversations.services.meetings import (
    AlreadyEnded,
    MeetingIsOver,
    ReadTooLate,
    ReadTooLateByFamily,
    cancel_meeting,
    move_meeting,
)
from messaging.conversations.services.proposals import (
    AlreadyAnswered,
    HowNotChosen,
    answer_times,
    ask_for_meeting,
    promise_call,
)
from messaging.conversations.services.put_back import NotAsItWas, put_back
from messaging.models.conversations import Message
from messaging.models.proposals import Proposal
from tests.at_once import at_once
from tests.clock import at
from tests.messaging.school_time import ARRIVES, QUIET, from_parent, page_text
from tests.people import key
from tests.sentences.messaging import (
    CALL_IS_CANCELLED,
    COME_TO_SCHOOL,
    IN_EITHER_WAY,
    IN_ENGLISH,
    MEETING_IS_CANCELLED,
    NO_LONGER_AGREED,
    NO_SCHOOL_ON_THIS_DAY,
    NO_TIME_GIVEN,
    RING_THEM,
    THEY_COME,
    WE_RING_YOU,
    YOU_ASKED_FOR_A_MEETING,
)
from tests.sentences.reading import says

NOW, LATER, TUESDAY, WEDNESDAY = (
    "2026-11-10 10:00",
    "2026-11-10 11:00",
    "2026-11-17 15:45",
    "2026-11-18 15:45",
)
DAY = {"day": "Tuesday 17 November", "time": "15:45"}


def request(people, how="either", when=NOW, times=(TUESDAY, WEDNESDAY)) -> Message:
    return ask_for_meeting(
        pupil=people.mali, parent=people.nia, by=people.actor(people.nia), at=at(when), key=key(), how=how,
        spoken="en", times=[at(time) for time in times],
    )  # fmt: skip


def agree(people, how="in_person", when=NOW) -> Message:
    by = people.actor(people.celyn)
    return answer_times(
        request(people, when=when), by=by, at=at(when), key=key(), chosen=at(TUESDAY), how=how
    )


def cancel(people, agreed, who, when=LATER, act=cancel_meeting, **more) -> Message:
    return act(agreed, by=people.actor(who), at=at(when), key=key(), **more)


def conversation_of(people, who, agreed) -> str:
    return page_text(people.client(who), f"/messages/{agreed.conversation_id}/")


def address(agreed, page) -> str:
    return f"/messages/meeting/{hide(agreed.pk)}/{page}/"


@pytest.mark.policy("TE-8")
@pytest.mark.parametrize(
    ("how", "family", "staff"),
    [("in_person", COME_TO_SCHOOL, THEY_COME), ("telephone", WE_RING_YOU, RING_THEM)],
)
def test_an_agreed_time_says_to_come_or_to_wait_for_a_call(people, how, family, staff):
    agreed = agree(people, how)
    assert says(conversation_of(people, people.nia, agreed), family, **DAY)
    assert says(conversation_of(people, people.celyn, agreed), staff, name=people.nia.name, **DAY)


@pytest.mark.policy("TE-8")
def test_who_accepts_settles_how_and_nobody_leaves_it_open(people):
    wanted = request(people)
    with pytest.raises(HowNotChosen):
        answer_times(wanted, by=people.actor(people.celyn), at=at(NOW), key=key(), chosen=at(TUESDAY))
    page = people.client(people.celyn).post(
        f"/messages/answer/{hide(wanted.pk)}/", {"chosen": at(TUESDAY).isoformat(), "key": key()}
    )
    assert page.status_code == 422 and says(page.content.decode(), str(HowNotChosen.sentence))
    message = from_parent(people)
    with pytest.raises(IntegrityError, match="proposal_choice_says_how"), transaction.atomic():
        Proposal.objects.create(message=message, kind="choice", how="either", chosen=at(TUESDAY))


def test_what_was_asked_for_in_one_way_is_agreed_in_it(people):
    wanted = request(people, how="telephone")
    by = people.actor(people.celyn)
    agreed = answer_times(wanted, by=by, at=at(NOW), key=key(), chosen=at(TUESDAY), how="in_person")
    assert agreed.proposal.how == "telephone"


def test_own_words_say_what_one_asked_for(people):
    page = conversation_of(people, people.nia, request(people))
    assert says(page, YOU_ASKED_FOR_A_MEETING)
    assert says(page.lower(), f"{IN_EITHER_WAY}, {IN_ENGLISH}".lower())


@pytest.mark.policy("PA-8")
@pytest.mark.policy("TE-8")
@pytest.mark.parametrize("side", ["nia", "celyn"])
def test_either_side_cancels_and_both_see_it(people, clock, side):
    agreed = agree(people)
    clock.set(LATER)
    who = getattr(people, side)
    assert address(agreed, "cancel") in conversation_of(people, who, agreed)
    assert people.client(who).post(address(agreed, "cancel"), {"key": key()}).status_code == 302
    for reader in (people.nia, people.celyn):
        page = conversation_of(people, reader, agreed)
        assert says(page, NO_LONGER_AGREED) and address(agreed, "cancel") not in page
        assert says(page, MEETING_IS_CANCELLED, when="Tuesday 17 November, 15:45")
    assert f"/messages/{agreed.conversation_id}/held/" not in conversation_of(people, people.celyn, agreed)


def test_a_cancellation_in_quiet_hours_shows_to_the_other_side_in_the_morning(people, clock):
    agreed = agree(people)
    clock.set(QUIET)
    cancelled = cancel(people, agreed, people.nia, QUIET)
    assert cancelled.release_at == at(ARRIVES)
    assert says(conversation_of(people, people.nia, agreed), NO_LONGER_AGREED)
    assert not says(conversation_of(people, people.celyn, agreed), NO_LONGER_AGREED)
    clock.set(ARRIVES)
    assert says(conversation_of(people, people.celyn, agreed), NO_LONGER_AGREED)


def test_a_cancellation_taken_back_leaves_it_agreed_and_is_not_put_back(people, clock):
    agreed, nia = agree(people), people.actor(people.nia)
    clock.set(QUIET)
    cancelled = cancel(people, agreed, people.nia, QUIET)
    withdraw_message(cancelled, by=nia, at=at(QUIET))
    assert not says(conversation_of(people, people.nia, agreed), NO_LONGER_AGREED)
    cancelled.refresh_from_db()
    with pytest.raises(NotAsItWas):
        put_back(cancelled, by=nia, at=at("2026-11-13 20:01"))
    assert not says(conversation_of(people, people.nia, agreed), NO_LONGER_AGREED)


def test_times_of_a_meeting_that_was_to_be_moved_are_not_put_back(people, clock):
    agreed, nia = agree(people), people.actor(people.nia)
    clock.set(QUIET)
    moved = move_meeting(
        agreed, by=nia, at=at(QUIET), key=key(), times=[at("2026-11-19 15:45")], how="telephone"
    )
    withdraw_message(moved, by=nia, at=at(QUIET))
    moved.refresh_from_db()
    with pytest.raises(NotAsItWas):
        put_back(moved, by=nia, at=at("2026-11-13 20:01"))


def test_both_cancel_at_night_and_neither_learns_of_the_other(people, clock):
    agreed = agree(people)
    clock.set(QUIET)
    assert cancel(people, agreed, people.nia, QUIET) != cancel(people, agreed, people.celyn, QUIET)


def test_a_second_tap_cancels_once_and_a_second_tab_reads_so(people, clock):
    agreed, again = agree(people), {"key": key()}
    clock.set(LATER)
    nia = people.client(people.nia)
    before = Message.objects.count()
    for _number in range(2):
        nia.post(address(agreed, "cancel"), again)
    assert Message.objects.count() == before + 1
    page = nia.post(address(agreed, "cancel"), {"key": key()}, follow=True).content.decode()
    assert says(page, str(AlreadyEnded.sentence)) and Message.objects.count() == before + 1


def test_two_tabs_at_the_same_instant_cancel_once(friday_evening):
    people = friday_evening
    people.clock.set(NOW)
    agreed = agree(people)
    answers = at_once(*[lambda: cancel(people, agreed, people.nia, LATER)] * 2)
    assert answers.count(AlreadyEnded) == 1


def test_what_would_be_read_too_late_leads_to_the_telephone(people, clock):
    agreed = answer_times(
        request(people, times=["2026-11-16 08:00"], when=NOW), by=people.actor(people.celyn), at=at(NOW),
        key=key(), chosen=at("2026-11-16 08:00"), how="in_person",
    )  # fmt: skip
    with pytest.raises(ReadTooLate, match="960115"):
        cancel(people, agreed, people.nia, QUIET)
    with pytest.raises(ReadTooLateByFamily):
        cancel(people, agreed, people.celyn, QUIET)
    with pytest.raises(MeetingIsOver):
        cancel(people, agreed, people.nia, "2026-11-16 09:00")


@pytest.mark.policy("PA-8")
@pytest.mark.policy("TE-8")
def test_another_time_ends_the_agreed_one_and_is_answered(people, clock):
    agreed = agree(people)
    clock.set(LATER)
    answers = {
        "slots": [at(WEDNESDAY).isoformat()],
        "time_1": "",
        "how": "in_person",
        "spoken": "en",
        "key": key(),
    }
    assert people.client(people.nia).post(address(agreed, "move"), answers).status_code == 302
    moved = Message.objects.latest("pk")
    page = conversation_of(people, people.celyn, agreed)
    assert says(page, NO_LONGER_AGREED) and f"/messages/answer/{hide(moved.pk)}/" in page
    new = answer_times(moved, by=people.actor(people.celyn), at=at(LATER), key=key(), chosen=at(WEDNESDAY))
    assert says(
        conversation_of(people, people.nia, new), COME_TO_SCHOOL, day="Wednesday 18 November", time="15:45"
    )


def test_the_class_offers_another_time(people, clock):
    agreed = agree(people)
    clock.set(LATER)
    celyn = people.client(people.celyn)
    assert 'name="time_1"' in page_text(celyn, address(agreed, "move"))
    answers = {"time_1": "2026-11-19T15:45", "how": "telephone", "body": "", "key": key()}
    assert celyn.post(address(agreed, "move"), answers).status_code == 302
    page = conversation_of(people, people.nia, agreed)
    assert says(page, NO_LONGER_AGREED) and 'name="chosen"' in page


def test_old_times_end_when_something_else_is_agreed(people, clock):
    first = request(people)
    second = request(people, when="2026-11-10 10:10")
    clock.set("2026-11-10 10:20")
    by = people.actor(people.celyn)
    answer_times(second, by=by, at=at("2026-11-10 10:20"), key=key(), chosen=at(TUESDAY), how="telephone")
    with pytest.raises(AlreadyAnswered):
        answer_times(
            first, by=by, at=at("2026-11-10 10:21"), key=key(), chosen=at(WEDNESDAY), how="telephone"
        )


def test_strangers_neither_cancel_nor_move_nor_read_it(people):
    agreed = agree(people)
    assert people.client(people.nia).get(address(agreed, "move")).status_code == 200
    for who in (people.gareth, people.dylan, people.derwen, people.office, people.head):
        browser = people.client(who)
        assert browser.post(address(agreed, "cancel"), {"key": key()}).status_code == 404
        assert browser.get(address(agreed, "move")).status_code == 404
        assert browser.get(address(agreed, "calendar")).status_code == 404
    with pytest.raises(PermissionDenied):
        cancel(people, agreed, people.mali)


def test_only_what_was_agreed_here_is_ended(people):
    agreed = agree(people)
    for message, kind in [
        (from_parent(people), "completed"),
        (from_parent(people, parent=people.gareth), "cancelled"),
    ]:
        with pytest.raises(IntegrityError, match="proposal_ends_what_was_agreed"), transaction.atomic():
            Proposal.objects.create(message=message, kind=kind, answers_id=agreed.pk)


def test_the_calendar_file_says_when_and_where(people):
    agreed = agree(people)
    answer = people.client(people.nia).get(address(agreed, "calendar"))
    assert answer["Content-Type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["dtstart"].dt == at(TUESDAY) and event["dtend"].dt > at(TUESDAY)
    assert "Malpas Court" in event["location"] and says(str(event["summary"]), COME_TO_SCHOOL, **DAY)


def test_times_before_and_after_lessons_are_offered_as_buttons(people, clock):
    clock.set("2026-11-12 10:00")
    hours = school_hours()
    times = times_to_offer(at("2026-11-12 10:00"), hours)
    assert times[:3] == [at("2026-11-13 08:30"), at("2026-11-13 15:45"), at("2026-11-16 08:30")]
    assert len(times) == 10 and not any(time_problem(time, now=at(NOW), hours=hours) for time in times)
    page = page_text(people.client(people.nia), f"/messages/child/{people.mali.pk}/meeting/")
    assert len(re.findall(r'name="slots"', page)) == 10 and "Fri 13 Nov, 15:45" in page


@pytest.mark.parametrize(
    ("slots", "status"),
    [
        (["2026-11-17T15:45:00+00:00"], 302),
        (["2026-11-17T15:45:00+00:00"] * 2, 302),
        (["2026-11-14T15:45:00+00:00"], 422),  # a Saturday
        (["2026-10-28T15:45:00+00:00"], 422),  # half-term
        (["2026-11-17T15:45:00"], 422),
        (["\x00"], 422),
        (["99999-01-01T00:00:00+00:00"], 422),
        (["0001-01-01T00:00:00+14:00"], 422),
        (["9999-12-31T23:59:59-14:00"], 422),
        ([], 422),
        ([f"2026-11-1{day}T15:45:00+00:00" for day in (1, 2, 3, 6, 7, 8)], 422),
    ],
)
def test_tapped_times_are_checked_like_written_ones(people, slots, status):
    answers = {
        "slots": slots,
        "time_1": "",
        "how": "either",
        "spoken": "en",
        "about": "Her shoes",
        "key": key(),
    }
    answer = people.client(people.nia).post(f"/messages/child/{people.mali.pk}/meeting/", answers)
    assert answer.status_code == status
    if status == 422:
        assert "Her shoes</textarea>" in answer.content.decode() and not Message.objects.exists()


def test_a_saturday_and_no_time_get_their_sentences(people):
    nia, page = people.client(people.nia), f"/messages/child/{people.mali.pk}/meeting/"
    answers = {"time_1": "", "how": "either", "spoken": "en", "key": key()}
    assert says(nia.post(page, answers).content.decode(), NO_TIME_GIVEN)
    saturday = answers | {"slots": ["2026-11-14T15:45:00+00:00"]}
    assert says(nia.post(page, saturday).content.decode(), NO_SCHOOL_ON_THIS_DAY)


@pytest.mark.policy("TE-8")
def test_a_call_is_promised_for_a_time_and_cancelled(people, clock):
    conversation = from_parent(people).conversation
    celyn, page = people.client(people.celyn), f"/messages/{conversation.pk}/call/"
    refused = celyn.post(page, {"body": "Soon", "rings_at": "2026-11-14T15:45", "key": key()})
    assert refused.status_code == 422 and "Soon</textarea>" in refused.content.decode()
    assert (
        says(refused.content.decode(), NO_SCHOOL_ON_THIS_DAY)
        and "2026-11-14T15:45" in refused.content.decode()
    )
    assert refused.content.decode().count('name="rings_at"') == 1
    celyn.post(page, {"body": "", "rings_at": "2026-11-17T15:45", "key": key()})
    promised = Proposal.objects.get().message
    assert says(conversation_of(people, people.nia, promised), WE_RING_YOU, **DAY)
    clock.set("2026-11-10 10:05")
    celyn.post(address(promised, "cancel"), {"key": key()})
    assert says(conversation_of(people, people.nia, promised), NO_LONGER_AGREED)


def test_a_call_without_a_time_is_cancelled_too(people, clock):
    conversation = from_parent(people).conversation
    promised = promise_call(conversation, by=people.actor(people.celyn), at=at(NOW), key=key())
    clock.set(LATER)
    assert cancel(people, promised, people.celyn).body == CALL_IS_CANCELLED
    assert people.client(people.nia).get(address(promised, "calendar")).status_code == 404


def test_moving_needs_a_time_and_the_same_key_moves_once(people, clock):
    agreed, nia = agree(people), people.actor(people.nia)
    clock.set(LATER)
    facts = {"by": nia, "at": at(LATER), "key": key(), "times": [at(WEDNESDAY)], "how": "telephone"}
    assert move_meeting(agreed, **facts) == move_meeting(agreed, **facts)
