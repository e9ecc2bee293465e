"""Check meetings and calls: asked, offered, chosen, noted (TE-8, PA-8)."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.calendar.hours import school_hours
from malpas.lib.hidden import hide
from messaging.conversations.queries.class_inbox import class_rows
from messaging.conversations.rules import TimeProblem, body_without_label, time_problem, times_after_school
from messaging.conversations.services.change import withdraw_message
from messaging.conversations.services.done import NewMessages, note_completed, reopen_conversation, set_done
from messaging.conversations.services.proposals import (
    AlreadyAnswered,
    NoTimes,
    TimeDoesNotFit,
    TimeIsOver,
    answer_times,
    ask_for_meeting,
    offer_times,
    promise_call,
)
from messaging.enums import ProposalKind
from messaging.models.conversations import Conversation, Message
from messaging.models.proposals import Proposal
from tests.clock import at
from tests.messaging.school_time import ARRIVES, QUIET, from_class, from_parent, page_text
from tests.people import key
from tests.sentences.messaging import (
    ASKS_FOR_A_MEETING,
    MEETING_OFFERED,
    NO_SCHOOL_ON_THIS_DAY,
    NO_TIME_GIVEN,
    NO_TIME_SUITS,
    NOBODY_AT_SCHOOL,
    READ_TOO_LATE,
    SOMETHING_NEW_ARRIVED,
    THEY_COME,
    TIME_HAS_PASSED,
    TIME_SUITS,
    TIME_UNREADABLE,
    WE_RING_YOU,
)
from tests.sentences.reading import says

TUESDAY, WEDNESDAY = "2026-11-17 15:45", "2026-11-18 15:45"
NOW = "2026-11-10 10:00"


def request_meeting(people, times=(TUESDAY, WEDNESDAY), when=NOW):
    said = {"how": "either", "spoken": "en", "about": "Reading at home", "key": key()}
    return ask_for_meeting(
        pupil=people.mali, parent=people.nia, by=people.actor(people.nia), at=at(when),
        times=[at(time) for time in times], **said,
    )  # fmt: skip


def offer(people, times=(TUESDAY, WEDNESDAY), when=NOW):
    conversation = from_parent(people).conversation
    return offer_times(
        conversation,
        by=people.actor(people.celyn),
        at=at(when),
        key=key(),
        times=[at(time) for time in times],
    )


def choose(people, message, who, time=TUESDAY, when=NOW):
    chosen = at(time) if time else None
    return answer_times(message, by=people.actor(who), at=at(when), key=key(), chosen=chosen)


@pytest.mark.policy("PA-8")
def test_a_parent_asks_for_a_meeting_and_the_class_chooses(people):
    request = request_meeting(people)
    celyn = people.client(people.celyn)
    page = page_text(celyn, f"/messages/{request.conversation_id}/")
    assert says(page, ASKS_FOR_A_MEETING, name=people.nia.name)
    assert "Reading at home" in page and "Tuesday 17 November, 15:45" in page
    chosen = re.search(r'name="both"\s+value="([^"]+ telephone)"', page)[1]
    answer = {"both": chosen, "key": key()}
    assert celyn.post(f"/messages/answer/{hide(request.pk)}/", answer).status_code == 302
    page = page_text(people.client(people.nia), f"/messages/{request.conversation_id}/")
    assert says(page, WE_RING_YOU, day="Tuesday 17 November", time="15:45")


@pytest.mark.policy("TE-8")
def test_a_parent_takes_an_offered_time_with_one_tap(people):
    offered = offer(people)
    nia = people.client(people.nia)
    page = page_text(nia, f"/messages/{offered.conversation_id}/")
    assert "Let us meet" in page and page.count('name="chosen"') == 2
    answer = {"chosen": at(WEDNESDAY).isoformat(), "key": key()}
    stored = Proposal.objects.get(message=offered).times[1].isoformat()
    assert nia.post(f"/messages/answer/{hide(offered.pk)}/", answer | {"chosen": stored}).status_code == 302
    assert Proposal.objects.get(answers=offered.pk).chosen == at(WEDNESDAY)
    assert 'name="chosen"' not in page_text(nia, f"/messages/{offered.conversation_id}/")


@pytest.mark.policy("TE-8")
def test_a_call_is_promised_with_one_tap_and_shown(people):
    conversation = from_parent(people).conversation
    celyn, data = people.client(people.celyn), {"key": key()}
    for _tap in range(2):
        assert celyn.post(f"/messages/{conversation.pk}/call/", data).status_code == 302
    assert Proposal.objects.get().kind == "telephone"
    page = page_text(people.client(people.nia), f"/messages/{conversation.pk}/")
    assert "We will telephone" in page and "Mrs Pritchard for Celyn" in page


@pytest.mark.policy("TE-8")
def test_the_typed_text_goes_along_with_a_promised_call(people):
    conversation = from_parent(people).conversation
    celyn, data = people.client(people.celyn), {"body": "At noon, about the castle.", "key": key()}
    assert f'formaction="/messages/{conversation.pk}/call/"' in page_text(
        celyn, f"/messages/{conversation.pk}/"
    )
    assert celyn.post(f"/messages/{conversation.pk}/call/", data).status_code == 302
    assert Proposal.objects.get().message.body == "At noon, about the castle."


@pytest.mark.policy("AU-1")
def test_the_text_of_a_promised_call_is_screened_and_kept(people):
    conversation = from_parent(people).conversation
    celyn, address, data = (
        people.client(people.celyn),
        f"/messages/{conversation.pk}/call/",
        {"body": "You idiot"},
    )
    page = celyn.post(address, data | {"key": key(), "confirmed": ""})
    said = page.content.decode()
    assert page.status_code == 422 and "face to face" in said and "You idiot</textarea>" in said
    assert f'action="/messages/{conversation.pk}/"' in said and not Proposal.objects.exists()
    assert celyn.post(address, data | {"key": key(), "confirmed": "unkind"}).status_code == 302


@pytest.mark.policy("TE-8")
def test_let_us_meet_proposes_times_and_keeps_the_text(people):
    conversation = from_parent(people).conversation
    page = people.client(people.celyn).post(
        f"/messages/{conversation.pk}/meet/", {"body": "About the castle."}
    )
    said = page.content.decode()
    assert page.status_code == 200 and "About the castle.</textarea>" in said
    times = re.findall(r'name="time_\d" value="([^"]+)"', said)
    assert times == ["2026-11-11T15:45", "2026-11-12T15:45", "2026-11-13T15:45"]
    answer = {f"time_{n}": time for n, time in enumerate(times, 1)} | {"how": "in_person", "key": key()}
    assert people.client(people.celyn).post(f"/messages/{conversation.pk}/meet/", answer).status_code == 302
    assert len(Proposal.objects.get().times) == 3


@pytest.mark.parametrize(
    ("now", "times"),
    [
        ("2026-11-10 10:00", ["2026-11-11 15:45", "2026-11-12 15:45", "2026-11-13 15:45"]),
        ("2026-11-12 23:30", ["2026-11-13 15:45", "2026-11-16 15:45", "2026-11-17 15:45"]),
        ("2026-10-21 10:00", ["2026-10-22 15:45", "2026-10-23 15:45", "2026-11-02 15:45"]),  # clocks go back
        ("2030-01-01 10:00", []),
    ],
)
def test_times_after_school_are_15_minutes_after_lessons(people, now, times):
    hours = school_hours()
    found = times_after_school(at(now), hours)
    assert found == [at(time) for time in times]
    assert [time_problem(time, now=at(now), hours=hours) for time in found] == [None] * len(times)


def test_the_sentence_of_a_card_is_in_the_familys_language(people):
    people.nia.language = "cy"
    people.nia.save()
    conversation = from_parent(people).conversation
    sent = promise_call(conversation, by=people.actor(people.celyn), at=at(NOW), key=key())
    assert sent.body == "Byddwn ni’n ffonio."
    page = page_text(people.client(people.celyn), f"/messages/{conversation.pk}/")
    assert page.count("<b>We will telephone</b>") == 1 and sent.body not in page


@pytest.mark.parametrize(
    ("kind", "said", "left"),
    [
        ("telephone", "We will telephone.", ""),
        ("offer", MEETING_OFFERED, MEETING_OFFERED.removeprefix("Let us meet. ")),
        ("none_suit", "Nid yw’r un o’r amseroedd hyn yn gyfleus.", ""),
        ("telephone", "We will telephone. After four?", "After four?"),
        ("telephone", "We will telephone.co.uk", "We will telephone.co.uk"),
        ("choice", TIME_SUITS, TIME_SUITS),
    ],
)
def test_the_text_of_a_proposal_does_not_repeat_its_label(kind, said, left):
    assert body_without_label(ProposalKind(kind).label, said) == left


@pytest.mark.policy("TE-8")
def test_a_parent_may_say_that_none_of_these_suits(people):
    offered = offer(people)
    answer = {"chosen": "none", "body": "I work on both days.", "key": key()}
    assert people.client(people.nia).post(f"/messages/answer/{hide(offered.pk)}/", answer).status_code == 302
    page = page_text(people.client(people.celyn), f"/messages/{offered.conversation_id}/")
    assert NO_TIME_SUITS in page and "I work on both days." in page


@pytest.mark.policy("TE-8")
def test_an_answer_in_the_evening_arrives_in_school_time(people, clock):
    offered = offer(people)
    chosen = choose(people, offered, people.nia, when=QUIET)
    assert chosen.release_at == at(ARRIVES)
    clock.set(QUIET)
    path = f"/messages/{offered.conversation_id}/"
    assert not says(page_text(people.client(people.celyn), path), THEY_COME)
    clock.set(ARRIVES)
    assert says(page_text(people.client(people.celyn), path), THEY_COME, name=people.nia.name)


def test_times_are_answered_once(people):
    offered = offer(people)
    choose(people, offered, people.nia)
    with pytest.raises(AlreadyAnswered):
        choose(people, offered, people.nia, WEDNESDAY)
    other = from_parent(people, "Another")
    with pytest.raises(IntegrityError, match="proposal_is_answered_once"), transaction.atomic():
        Proposal.objects.create(
            message=other, kind="choice", how="in_person", answers_id=offered.pk, chosen=at(TUESDAY)
        )


def test_an_answer_taken_back_in_time_leaves_the_times_open(people):
    offered = offer(people)
    chosen = choose(people, offered, people.nia, when=QUIET)
    withdraw_message(chosen, by=people.actor(people.nia), at=at(QUIET))
    assert choose(people, offered, people.nia, WEDNESDAY, when=QUIET).proposal.chosen == at(WEDNESDAY)


@pytest.mark.parametrize("wrong", ["own side", "another time", "another conversation"])
def test_the_database_takes_only_the_other_sides_answer(people, wrong):
    offered = offer(people)
    message = {
        "own side": lambda: from_class(people),
        "another time": lambda: from_parent(people),
        "another conversation": lambda: from_parent(people, parent=people.gareth),
    }[wrong]()
    time = at("2026-11-19 09:00") if wrong == "another time" else at(TUESDAY)
    with pytest.raises(IntegrityError, match="proposal_answers_the_other_side"), transaction.atomic():
        Proposal.objects.create(
            message=message, kind="choice", how="in_person", answers_id=offered.pk, chosen=time
        )


def test_a_time_that_was_not_offered_or_has_passed_is_refused(people):
    offered = offer(people)
    with pytest.raises(NoTimes):
        choose(people, offered, people.nia, "2026-11-19 09:00")
    with pytest.raises(TimeIsOver):
        choose(people, offered, people.nia, when="2026-11-17 16:00")
    with pytest.raises(PermissionDenied):
        choose(people, offered, people.celyn)


def test_the_other_parent_and_another_class_find_no_meeting(people):
    offered = offer(people)
    assert people.client(people.nia).get(f"/messages/answer/{hide(offered.pk)}/").status_code == 200
    for stranger in (people.gareth, people.dylan, people.derwen, people.celyn, people.deputy):
        assert people.client(stranger).get(f"/messages/answer/{hide(offered.pk)}/").status_code == 404


@pytest.mark.parametrize(
    ("time", "problem"),
    [
        (NOW, TimeProblem.PAST),
        ("2026-11-09 15:45", TimeProblem.PAST),
        ("2027-01-20 15:45", TimeProblem.TOO_FAR),
        ("2026-11-14 15:45", TimeProblem.NO_SCHOOL),
        ("2026-12-22 15:45", TimeProblem.NO_SCHOOL),
        ("2026-11-17 07:29", TimeProblem.OUT_OF_HOURS),
        ("2026-11-17 07:30", None),
        ("2026-11-17 18:00", None),
        ("2026-11-17 18:01", TimeProblem.OUT_OF_HOURS),
    ],
)
def test_times_that_make_sense(people, time, problem):
    assert time_problem(at(time), now=at(NOW), hours=school_hours(people.school)) == problem


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", NO_TIME_GIVEN),
        ("whenever", TIME_UNREADABLE),
        ("2026-11-14T15:45", NO_SCHOOL_ON_THIS_DAY),
        ("2026-11-09T15:45", TIME_HAS_PASSED),
        ("2026-11-17T23:00", NOBODY_AT_SCHOOL),
    ],
)
def test_a_wrong_time_gets_a_sentence_and_nothing_typed_is_lost(people, typed, sentence):
    answers = {"about": "Her shoes", "time_1": typed, "how": "either", "spoken": "cy", "key": key()}
    sent = people.client(people.nia).post(f"/messages/child/{people.mali.pk}/meeting/", answers)
    assert sent.status_code == 422 and not Message.objects.exists()
    assert sentence in sent.content.decode() and "Her shoes" in sent.content.decode()


def test_times_typed_by_hand_are_taken_too(people):
    answers = {"time_1": "17/11/2026 15:45", "how": "telephone", "spoken": "cy", "key": key()}
    people.client(people.nia).post(f"/messages/child/{people.mali.pk}/meeting/", answers)
    assert Proposal.objects.get().times == [at(TUESDAY)]


def test_the_service_refuses_times_that_do_not_fit(people):
    with pytest.raises(TimeDoesNotFit, match="no school"):
        request_meeting(people, ["2026-11-14 15:45"])
    with pytest.raises(NoTimes):
        offer(people, [])


@pytest.mark.policy("TE-8")
def test_noting_a_meeting_closes_the_conversation(people):
    message = from_parent(people)
    conversation = message.conversation
    promise_call(conversation, by=people.actor(people.celyn), at=at(NOW), key=key())
    celyn = people.client(people.celyn)
    page = page_text(celyn, f"/messages/{conversation.pk}/")
    assert "We have talked" in page and page.count(f'name="seen" value="{hide(message.pk)}"') == 4
    celyn.post(f"/messages/{conversation.pk}/held/", {"key": key(), "seen": hide(message.pk)})
    (row,), _more = class_rows(people.actor(people.celyn), now=at(NOW))
    assert row.done and Proposal.objects.filter(kind="completed").count() == 1


def test_noting_a_meeting_closes_no_unread_message(people):
    message = from_parent(people)
    promise_call(message.conversation, by=people.actor(people.celyn), at=at(NOW), key=key())
    from_parent(people, "And another thing")
    celyn = people.client(people.celyn)
    address = f"/messages/{message.conversation_id}/held/"
    page = celyn.post(address, {"key": key(), "seen": hide(message.pk)}, follow=True).content.decode()
    assert SOMETHING_NEW_ARRIVED in page and not is_done(people)
    assert not Proposal.objects.filter(kind="completed").exists()


def test_done_marks_the_shown_messages_as_read(people):
    first = from_parent(people, when="2026-11-10 09:00")
    done(people, first.conversation, seen=first.pk)
    first.refresh_from_db()
    assert first.read_at == at(NOW) and is_done(people)
    # One whose writer pressed before, and whose row came only now.
    from_parent(people, "Pressed a second before", when="2026-11-10 08:59")
    assert not is_done(people)


def done(people, conversation, seen=None, when=NOW):
    set_done(conversation, by=people.actor(people.celyn), at=at(when), seen=seen)


def is_done(people, when=NOW) -> bool:
    (row,), _more = class_rows(people.actor(people.celyn), now=at(when))
    return row.done


def test_a_done_conversation_reopens_when_a_message_arrives(people, clock):
    conversation = from_parent(people).conversation
    done(people, conversation)
    from_parent(people, "One more thing", when=QUIET)
    clock.set(QUIET)
    assert is_done(people)
    clock.set(ARRIVES)
    assert not is_done(people)


def test_done_is_refused_when_a_newer_message_arrived(people):
    first = from_parent(people, when="2026-11-10 09:50")
    from_parent(people, "Wait!", when="2026-11-10 09:59")
    with pytest.raises(NewMessages):
        done(people, first.conversation, seen=first.pk)
    assert not is_done(people)


def test_done_can_be_taken_back_and_is_the_classes_alone(people):
    conversation = from_parent(people).conversation
    done(people, conversation)
    reopen_conversation(conversation, by=people.actor(people.celyn))
    assert not is_done(people) and not Conversation.objects.get().done_at
    with pytest.raises(PermissionDenied):
        set_done(conversation, by=people.actor(people.nia), at=at(NOW))
    with pytest.raises(PermissionDenied):
        reopen_conversation(conversation, by=people.actor(people.nia))
    with pytest.raises(PermissionDenied):
        note_completed(conversation, by=people.actor(people.nia), at=at(NOW), key=key())


@pytest.mark.policy("PA-8")
def test_a_time_before_the_other_side_reads_it_is_refused(people, clock):
    offer = from_class(people, "Let us meet", when="2026-11-13 10:00")
    Proposal.objects.create(
        message=offer, kind="offer", how="in_person", times=[at("2026-11-16 08:00"), at("2026-11-16 15:45")]
    )
    clock.set(QUIET)
    nia = people.client(people.nia)
    early = {"chosen": at("2026-11-16 08:00").isoformat(), "key": key()}
    page = nia.post(f"/messages/answer/{hide(offer.pk)}/", early)
    assert page.status_code == 422 and READ_TOO_LATE in page.content.decode()
    fields = {"time_1": "2026-11-16T08:15", "how": "either", "spoken": "en", "key": key()}
    page = nia.post(f"/messages/child/{people.mali.pk}/meeting/", fields)
    assert page.status_code == 422 and READ_TOO_LATE in page.content.decode()
    assert (
        nia.post(
            f"/messages/answer/{hide(offer.pk)}/", early | {"chosen": at("2026-11-16 15:45").isoformat()}
        ).status_code
        == 302
    )
