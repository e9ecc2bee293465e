"""Check what departed staff left pending (F35, F36)."""

from uuid import uuid4

import pytest

from accounts.models.notifications import Delivery, Notification
from accounts.models.people import StaffMember
from accounts.notify.outbox import deliver_due
from accounts.staff.services import change_staff
from classes.class_account.services import change_class_staff
from malpas.lib.hidden import hide
from messaging.conversations.services.broadcasts import send_to_many
from messaging.conversations.services.change import change_message
from messaging.conversations.services.departed import withhold_messages_of
from messaging.conversations.services.proposals import answer_times, ask_for_meeting, offer_times
from messaging.conversations.services.scheduling import announce_due
from messaging.errors import NotYourConversation
from messaging.models.conversations import Conversation, Message
from messaging.models.proposals import Proposal
from messaging.office.services.enquiries import submit_enquiry
from tests.clock import at
from tests.messaging.school_time import ARRIVES, QUIET, from_class, from_parent, page_text
from tests.people import give_account, key, make_user
from tests.sentences.messaging import (
    DEPARTED_STAFF_MESSAGES,
    PROPOSED_TIMES_ARE_OVER,
    SEND_ALL_IN_MY_NAME,
    SENT_IN_YOUR_NAME,
)

TIME = "2026-11-17 15:45"


def leaves(people, when: str) -> None:
    withhold_messages_of(people.adeyemi, at(when))
    StaffMember.objects.filter(pk=people.adeyemi.pk).update(left_on=at(when).date())


def sent_by_colleague(people, message: Message) -> Message:
    people.client(people.celyn, people.pritchard).post(f"/messages/departed/{hide(message.pk)}/")
    return Message.objects.filter(withdrawn_at=None, staff=people.pritchard).get()


def test_F36_times_to_choose_from_go_along(people, clock):
    conversation = from_parent(people).conversation
    by = people.actor(people.celyn, people.adeyemi)
    clock.set(QUIET)
    over, later = at("2026-11-16 15:45"), at(TIME)
    message = offer_times(conversation, by=by, at=at(QUIET), key=key(), times=[over, later])
    leaves(people, QUIET)
    clock.set("2026-11-16 16:00")
    sent = sent_by_colleague(people, message)
    assert (sent.proposal.kind, sent.proposal.times) == ("offer", [later])


def test_F36_times_that_are_all_over_are_not_sent(people, clock):
    conversation = from_parent(people).conversation
    by = people.actor(people.celyn, people.adeyemi)
    clock.set(QUIET)
    message = offer_times(conversation, by=by, at=at(QUIET), key=key(), times=[at(TIME)])
    leaves(people, QUIET)
    clock.set("2026-11-18 10:00")
    browser = people.client(people.celyn, people.pritchard)
    page = browser.post(f"/messages/departed/{hide(message.pk)}/", follow=True).content.decode()
    assert PROPOSED_TIMES_ARE_OVER in page and Message.objects.filter(staff=people.pritchard).count() == 0


def test_F36_a_time_that_was_agreed_answers_the_request_again(people, clock):
    request = ask_for_meeting(
        pupil=people.mali, parent=people.nia, by=people.actor(people.nia), at=at("2026-11-13 10:00"), key=key(),
        times=[at(TIME)], how="either", spoken="en",
    )  # fmt: skip
    clock.set(QUIET)
    by = people.actor(people.celyn, people.adeyemi)
    message = answer_times(request, by=by, at=at(QUIET), key=key(), chosen=at(TIME), how="telephone")
    leaves(people, QUIET)
    sent = sent_by_colleague(people, message)
    assert (sent.proposal.chosen, sent.proposal.answers_id) == (at(TIME), request.pk)
    assert Proposal.objects.filter(answers=request.proposal).count() == 1


def test_F36_the_list_says_so_until_a_colleague_has_sent_it(people, clock):
    conversation = from_parent(people).conversation
    by = people.actor(people.celyn, people.adeyemi)
    clock.set(QUIET)
    message = offer_times(conversation, by=by, at=at(QUIET), key=key(), times=[at(TIME)])
    said, browser = DEPARTED_STAFF_MESSAGES, people.client(people.celyn, people.pritchard)
    assert said not in page_text(browser, "/messages/")
    leaves(people, QUIET)
    assert said in page_text(browser, "/messages/")
    assert said not in page_text(people.client(people.derwen), "/messages/")
    sent_by_colleague(people, message)
    assert said not in page_text(browser, "/messages/")


@pytest.mark.policy("TE-2")
def test_F35_staff_taken_off_a_class_no_longer_write_for_it(people, clock):
    clock.set(QUIET)
    mine = from_class(people, "From Mr Adeyemi", when=QUIET, staff=people.adeyemi)
    from_class(people, "From Mrs Pritchard", when=QUIET, staff=people.pritchard)
    change_class_staff(people.celyn, [people.pritchard], by=people.actor(people.deputy), at=at(QUIET))
    clock.set(ARRIVES)
    assert announce_due() == 1
    seen = Message.objects.visible_to(people.actor(people.nia))
    assert list(seen.values_list("body", flat=True)) == ["From Mrs Pritchard"]
    page = page_text(people.client(people.celyn, people.pritchard), "/messages/departed/")
    assert "From Mr Adeyemi" in page and f"/messages/departed/{hide(mine.pk)}/" in page


GONE = {
    "school": lambda people: leaves(people, QUIET),
    "class": lambda people: change_class_staff(
        people.celyn, [people.pritchard], by=people.actor(people.deputy), at=at(QUIET)
    ),
}


@pytest.mark.policy("TE-2")
@pytest.mark.parametrize("gone", GONE)
def test_F36_an_open_page_of_departed_staff_changes_nothing(people, clock, gone):
    clock.set(QUIET)
    by = people.actor(people.celyn, people.adeyemi)
    waits = from_class(people, "From Mrs Pritchard", when=QUIET, staff=people.pritchard)
    said = {"by": by, "at": at(QUIET)}
    GONE[gone](people)
    for verb in (
        lambda: change_message(waits, body="From Mr Adeyemi", **said),
        lambda: from_class(people, when=QUIET, staff=people.adeyemi),
        lambda: send_to_many(pupils=[people.mali], body="Boots", key=uuid4(), **said),
    ):
        with pytest.raises(NotYourConversation):
            verb()
    assert list(Message.objects.values_list("body", flat=True)) == ["From Mrs Pritchard"]


def notified_of_a_message(people, clock, *, office: bool = False) -> str:
    """Notify Mr Adeyemi, for Monday, of a message before closing.

    He has an account and an e-mail address of his own.
    """
    address, just_before = "adeyemi@home.example", "2026-11-13 16:59"
    give_account(people.adeyemi, make_user("Mr Adeyemi", address))
    people.adeyemi.is_office = office
    people.adeyemi.save()
    clock.set(just_before)
    if office:
        said = {"by": people.actor(people.nia), "at": at(QUIET), "key": uuid4()}
        submit_enquiry(topic="lost", pupils=[people.mali], body="A hat", **said)
    else:
        from_parent(people, when=just_before)
        clock.set("2026-11-13 17:00:30")
        announce_due()
    clock.set(QUIET)
    assert Delivery.objects.filter(address=address, state="pending", next_attempt_at=at(ARRIVES)).exists()
    return address


def leaves_the_school(people) -> None:
    people.adeyemi.left_on = at(QUIET).date()
    change_staff(people.adeyemi, ["left_on"], by=people.actor(people.head), at=at(QUIET))


LOST = {
    "school": leaves_the_school,
    "class": GONE["class"],
    "unseen": lambda people: people.celyn.staff.set([people.pritchard]),  # by a path that tells nobody
}


@pytest.mark.policy("TE-4")
@pytest.mark.parametrize("lost", LOST)
def test_F36_no_mail_about_a_child_goes_to_staff_who_have_left(people, clock, lost):
    address = notified_of_a_message(people, clock)
    LOST[lost](people)
    clock.set(ARRIVES)
    deliver_due()
    notices = Notification.objects.visible_to(people.adeyemi.user).filter(kind="message")
    assert notices.exists() == (lost == "unseen")
    sent = Delivery.objects.filter(state="sent").values_list("address", flat=True)
    assert address not in sent and "celyn@school.example" in sent


def test_F36_no_mail_of_the_office_goes_to_who_has_left_it(people, clock):
    address = notified_of_a_message(people, clock, office=True)
    leaves_the_school(people)
    clock.set(ARRIVES)
    deliver_due()
    sent = Delivery.objects.filter(state="sent").values_list("address", flat=True)
    assert address not in sent and people.office.user.email in sent


def test_staff_who_stay_are_notified(people, clock):
    address = notified_of_a_message(people, clock)
    clock.set(ARRIVES)
    deliver_due()
    assert Delivery.objects.get(address=address).state == "sent"


def test_F35_new_staff_of_a_class_withhold_pending_messages(people, clock):
    clock.set(QUIET)
    message = from_class(people, when=QUIET, staff=people.adeyemi)
    other = from_class(people, when=QUIET, staff=people.pritchard)
    browser = people.client(people.deputy)
    form = {"name": "Celyn", "staff": [people.pritchard.pk]}
    assert browser.post(f"/classes/{people.celyn.pk}/", form).status_code == 302
    assert set(people.celyn.staff.all()) == {people.pritchard}
    assert (
        Message.objects.get(pk=message.pk).withdrawn_at and not Message.objects.get(pk=other.pk).withdrawn_at
    )


def test_a_conversations_id_does_not_reveal_which_came_first(people):
    first = from_parent(people).conversation_id
    others = [
        from_parent(people, parent=people.gareth).conversation_id,
        from_class(people, parent=people.sioned, pupil=people.efa).conversation_id,
    ]
    assert from_parent(people).conversation_id == first and Conversation.objects.count() == 3
    assert all(abs(number - first) > 1000 for number in others)


def test_F36_a_withheld_broadcast_is_sent_with_one_button(people, clock):
    clock.set(QUIET)
    by = people.actor(people.celyn, people.adeyemi)
    send_to_many(pupils=[people.mali, people.efa], by=by, at=at(QUIET), body="Boots, please.", key=uuid4())
    times = offer_times(
        from_parent(people).conversation, by=by, at=at(QUIET), key=key(), times=[at("2026-11-16 15:45")]
    )
    leaves(people, QUIET)
    clock.set("2026-11-16 16:00")
    browser = people.client(people.celyn, people.pritchard)
    assert SEND_ALL_IN_MY_NAME in page_text(browser, "/messages/departed/")
    page = browser.post("/messages/departed/all/", follow=True).content.decode()
    assert SENT_IN_YOUR_NAME % {"sent": "3"} in page and PROPOSED_TIMES_ARE_OVER in page
    assert Message.objects.filter(staff=people.pritchard, body="Boots, please.").count() == 3
    browser.post("/messages/departed/all/")
    assert Message.objects.filter(staff=people.pritchard).count() == 3
    assert f"/messages/departed/{hide(times.pk)}/" in page_text(browser, "/messages/departed/")
