from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.access import remove_access
from accounts.calendar.hours import school_hours
from classes.enums import Restriction
from classes.models.guardianships import Guardianship
from malpas.lib.errors import RuleViolation
from messaging.body import BodyTooLong, EmptyBody
from messaging.conversations.services.permissions import MessagingPaused
from messaging.conversations.services.send import send_message
from messaging.errors import NotYourConversation, TooManyMessages
from messaging.models.conversations import Conversation, Message
from messaging.office.rules.enquiries import MESSAGES_AN_HOUR
from tests.clock import at
from tests.messaging.school_time import ARRIVES, QUIET, from_class, from_parent
from tests.people import key


@pytest.mark.policy("PA-6")
@pytest.mark.parametrize("send", [from_parent, from_class])
@pytest.mark.policy("TE-4")
def test_quiet_hours_delay_both_sides_to_the_next_opening(people, clock, send):
    clock.set(QUIET)
    message = send(people, when=QUIET)
    assert message.release_at == at(ARRIVES)
    reader = people.actor(people.celyn if send is from_parent else people.nia)
    for moment, seen in [(QUIET, False), ("2026-11-16 08:29:59", False), (ARRIVES, True)]:
        clock.set(moment)
        assert Message.objects.visible_to(reader).filter(pk=message.pk).exists() is seen


@pytest.mark.policy("TE-6")
def test_what_is_written_during_lessons_arrives_at_once(people):
    message = from_parent(people, when="2026-11-10 10:00")
    assert message.release_at == message.sent_at == at("2026-11-10 10:00")
    assert Message.objects.visible_to(people.actor(people.celyn)).filter(pk=message.pk).exists()


def test_friday_before_half_term_arrives_on_the_monday_after_it(people):
    assert from_parent(people, when="2026-10-23 17:00").release_at == at("2026-11-02 08:30")


def test_the_class_signs_with_the_person_who_wrote(people):
    message = from_class(people, staff=people.adeyemi)
    assert (message.from_class, message.staff) == (True, people.adeyemi)
    assert from_parent(people).staff is None


def test_the_database_refuses_an_unsigned_message_of_a_class(people):
    message = from_class(people)
    with pytest.raises(IntegrityError, match="message_of_class_is_signed"), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(staff=None)


def test_the_same_key_again_gives_the_first_message(people):
    one = uuid4()
    first = from_parent(people, "First", key=one)
    assert from_parent(people, "First", key=one) == first
    assert list(Message.objects.values_list("body", flat=True)) == ["First"]
    assert from_parent(people, "First").pk != first.pk


@pytest.mark.parametrize("body", ["", "   \n", "\u200b\u2060", "\x00", "\u3164"])
def test_words_that_nobody_can_see_are_refused_with_a_sentence(people, body):
    with pytest.raises(EmptyBody, match="write something"):
        from_parent(people, body)


def test_a_message_has_5000_characters_at_most(people):
    assert len(from_parent(people, "é" * 5000).body) == 5000
    with pytest.raises(BodyTooLong, match="5,000"):
        from_parent(people, "é" * 5001)


def test_hidden_signs_are_taken_out_of_what_is_kept(people):
    assert from_parent(people, "a\x00b\u202e\ud800c").body == "abc"


@pytest.mark.policy("PU-4")
def test_a_pupil_account_writes_to_nobody(people):
    for parent in (people.nia, people.mali.account):
        with pytest.raises(RuleViolation):
            send_message(
                pupil=people.mali,
                parent=parent,
                by=people.actor(people.mali),
                at=at("2026-11-10 10:00"),
                body="x",
                key=uuid4(),
            )
    message = from_parent(people)
    with pytest.raises(IntegrityError, match="message_author_is_no_pupil"), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(author=people.mali.account)


def test_nobody_writes_about_another_familys_child(people):
    assert from_parent(people)
    for parent in (people.dylan, people.kai):
        with pytest.raises(NotYourConversation):
            from_parent(people, parent=parent)


def test_nobody_writes_in_the_name_of_the_other_parent(people):
    with pytest.raises(NotYourConversation):
        send_message(
            pupil=people.mali,
            parent=people.gareth,
            by=people.actor(people.nia),
            at=at("2026-11-10 10:00"),
            body="x",
            key=uuid4(),
        )


def test_a_class_writes_to_families_of_its_own_children_only(people):
    for pupil, parent in [(people.rhys, people.dylan), (people.mali, people.dylan)]:
        with pytest.raises(NotYourConversation):
            send_message(
                pupil=pupil,
                parent=parent,
                by=people.actor(people.celyn),
                at=at("2026-11-10 10:00"),
                body="x",
                key=uuid4(),
            )


def test_a_class_account_without_a_staff_member_writes_nothing(people):
    actor = people.actor(people.celyn)
    with pytest.raises(NotYourConversation):
        send_message(
            pupil=people.mali,
            parent=people.nia,
            by=type(actor)(actor.user),
            at=at("2026-11-10 10:00"),
            body="x",
            key=uuid4(),
        )


def test_a_paused_parent_is_asked_to_telephone(people):
    Guardianship.objects.filter(contact__user=people.nia).update(
        restriction=Restriction.MESSAGING_PAUSED, restriction_note="An order."
    )
    with pytest.raises(MessagingPaused, match="telephone"):
        from_parent(people)


def test_an_ended_guardianship_or_a_removal_ends_writing(people):
    assert from_parent(people, parent=people.gareth)
    Guardianship.objects.filter(contact__user=people.gareth).update(ended_at=at("2026-11-10 09:00"))
    with pytest.raises(NotYourConversation):
        from_parent(people, parent=people.gareth)
    remove_access(people.nia, by=people.actor(people.head), at=at("2026-11-10 10:00"))
    with pytest.raises(NotYourConversation):
        from_parent(people)


@pytest.mark.policy("AU-4")
def test_20_messages_an_hour_limit_a_parent_but_not_a_class(people):
    for number in range(MESSAGES_AN_HOUR):
        from_parent(people, f"{number}")
        from_class(people, f"{number}")
    with pytest.raises(TooManyMessages, match="one hour"):
        from_parent(people)
    assert from_class(people)
    Message.objects.update(sent_at=F("sent_at") - timedelta(hours=1))
    assert from_parent(people)


def test_sending_takes_at_most_eight_queries(people, django_assert_max_num_queries):
    school_hours(people.school)  # read once, then kept until the calendar changes
    with django_assert_max_num_queries(8):
        from_parent(people)
    with django_assert_max_num_queries(7):
        from_parent(people, "Another")
    with django_assert_max_num_queries(8):
        from_class(people)


def test_two_parents_of_one_child_have_two_conversations(people):
    hers, his = from_parent(people), from_parent(people, parent=people.gareth)
    assert hers.conversation != his.conversation
    for parent, own in [(people.nia, hers), (people.gareth, his)]:
        actor = people.actor(parent)
        assert list(Conversation.objects.visible_to(actor)) == [own.conversation]


@pytest.mark.parametrize(
    "answer", [{"body": ""}, {"body": "\u200b"}, {"body": "x" * 5001}, {"body": "x" * 6000, "key": "no key"}]
)
def test_a_refused_form_keeps_what_was_typed(people, answer):
    browser = people.client(people.nia)
    response = browser.post(f"/messages/child/{people.mali.pk}/", {"key": key()} | answer)
    assert response.status_code == 422
    assert not Message.objects.exists()
    assert answer["body"].replace("\u200b", "") in response.content.decode()


def test_a_nul_is_taken_out_and_the_rest_arrives(people):
    response = people.client(people.nia).post(
        f"/messages/child/{people.mali.pk}/", {"body": "a\x00b", "key": key()}
    )
    assert response.status_code == 302
    assert Message.objects.get().body == "ab"


def test_fields_that_the_form_does_not_have_change_nothing(people):
    smuggled = {
        "release_at": "2020-01-01",
        "from_class": "1",
        "author": people.gareth.pk,
        "staff": people.head.pk,
    }
    people.client(people.nia).post(
        f"/messages/child/{people.mali.pk}/", {"body": "x", "key": key()} | smuggled
    )
    message = Message.objects.get()
    assert (message.author, message.from_class, message.staff) == (people.nia, False, None)
    assert message.release_at == message.sent_at
