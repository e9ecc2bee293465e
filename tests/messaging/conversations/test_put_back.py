"""Check that withdrawn words come back: into the field, and on their way with one button (TE-4, PA-6)."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models.audit import AuditEntry
from classes.enums import Restriction
from classes.models.guardianships import Guardianship
from malpas.lib.hidden import hide
from messaging.conversations.services.change import withdraw_message
from messaging.conversations.services.permissions import MessagingPaused
from messaging.conversations.services.proposals import answer_times, ask_for_meeting, offer_times
from messaging.conversations.services.put_back import NoLongerFits, TooLongAgo, put_back
from messaging.conversations.services.send import TakenBack
from messaging.errors import NotYourConversation
from messaging.models.conversations import Message
from tests.at_once import at_once
from tests.clock import at
from tests.messaging.attachments.files import photo, sent_with
from tests.messaging.school_time import ARRIVES, QUIET, from_class, from_parent, page_text
from tests.people import key

LATER = "2026-11-13 20:05"
SATURDAY = "2026-11-14 10:00"
SUNDAY = "2026-11-15 10:00"
OPEN = "2026-11-16 09:10"


@pytest.fixture
def taken(people, clock) -> Message:
    """Nia's message of Friday evening, withdrawn at once."""
    clock.set(QUIET)
    message = from_parent(people, when=QUIET)
    withdraw_message(message, by=people.actor(people.nia), at=at(QUIET))
    clock.set(LATER)
    return Message.objects.get(pk=message.pk)


def withdraw_on_page(people, message, who=None):
    return people.client(who or people.nia).post(f"/messages/withdraw/{hide(message.pk)}/")


def put_back_on_page(people, message, who=None):
    return people.client(who or people.nia).post(f"/messages/put-back/{hide(message.pk)}/")


@pytest.mark.policy("PA-6")
def test_the_notice_stands_in_place_and_the_words_are_in_the_field(people, clock):
    clock.set(QUIET)
    message = from_parent(people, when=QUIET)
    answer = withdraw_on_page(people, message)
    assert answer["Location"].endswith(f"?back={hide(message.pk)}#message-{hide(message.pk)}")
    page = page_text(people.client(people.nia), answer["Location"])
    assert f'id="message-{hide(message.pk)}"' in page and f"/messages/put-back/{hide(message.pk)}/" in page
    assert f"{message.body}</textarea>" in page
    assert "/messages/withdraw/" not in page and "/messages/change/" not in page


@pytest.mark.policy("PA-6")
def test_what_is_put_back_waits_for_the_next_opening(people, taken):
    assert put_back_on_page(people, taken).status_code == 302
    again = Message.objects.waiting().get()
    assert (again.body, again.release_at) == (taken.body, at(ARRIVES))
    page = page_text(people.client(people.nia), f"/messages/{taken.conversation_id}/")
    assert page.count(taken.body) == 1 and "/messages/put-back/" not in page


def test_in_working_hours_it_goes_at_once(people, clock):
    clock.set("2026-11-16 08:20")
    message = from_parent(people, when="2026-11-16 08:20")
    withdraw_message(message, by=people.actor(people.nia), at=at("2026-11-16 08:25"))
    message.refresh_from_db()
    assert put_back(message, by=people.actor(people.nia), at=at(OPEN)).release_at == at(OPEN)


def test_a_second_tap_and_a_second_tab_send_nothing_more(people, taken):
    for _number in range(3):
        assert put_back_on_page(people, taken).status_code == 302
    assert Message.objects.waiting().count() == 1
    assert AuditEntry.objects.filter(verb="message.put_back").count() == 1


def test_two_tabs_at_the_same_instant_send_it_once(friday_evening):
    people, nia = friday_evening, friday_evening.actor(friday_evening.nia)
    message = from_parent(people, when=QUIET)
    withdraw_message(message, by=nia, at=at(QUIET))
    message.refresh_from_db()
    at_once(*[lambda: put_back(message, by=nia, at=at(QUIET))] * 2)
    assert Message.objects.waiting().count() == 1


def test_withdrawn_once_more_it_stays_so_in_a_stale_tab(people, clock, taken):
    nia = people.actor(people.nia)
    again = put_back(taken, by=nia, at=at(LATER))
    withdraw_message(again, by=nia, at=at("2026-11-13 20:06"))
    with pytest.raises(TakenBack):
        put_back(taken, by=nia, at=at("2026-11-13 20:07"))
    clock.set("2026-11-13 20:08")
    page = page_text(people.client(people.nia), f"/messages/{taken.conversation_id}/")
    assert page.count("/messages/put-back/") == 1 and hide(again.pk) != hide(taken.pk)
    assert f"/messages/put-back/{hide(again.pk)}/" in page


def test_a_message_written_anew_takes_the_notice_away(people, clock, taken):
    clock.set(SATURDAY)
    from_parent(people, "Other words.", when=SATURDAY)
    assert "/messages/put-back/" not in page_text(
        people.client(people.nia), f"/messages/{taken.conversation_id}/"
    )


def test_an_old_address_does_not_fill_the_field_again(people, clock, taken):
    nia, page = people.client(people.nia), f"/messages/{taken.conversation_id}/?back={hide(taken.pk)}"
    assert f"{taken.body}</textarea>" in page_text(nia, page)
    put_back_on_page(people, taken)
    assert f"{taken.body}</textarea>" not in page_text(nia, page)


def test_after_a_day_the_words_are_in_the_field_and_nothing_is_sent(people, clock, taken):
    with pytest.raises(TooLongAgo):
        put_back(taken, by=people.actor(people.nia), at=at(SUNDAY))
    clock.set(SUNDAY)
    answer = put_back_on_page(people, taken)
    page = page_text(people.client(people.nia), answer["Location"])
    assert f"{taken.body}</textarea>" in page and not Message.objects.waiting().exists()
    assert "/messages/put-back/" not in page


@pytest.mark.policy("PA-6")
def test_only_its_writer_sees_and_puts_back(people, taken):
    assert "/messages/put-back/" in page_text(
        people.client(people.nia), f"/messages/{taken.conversation_id}/"
    )
    for who in (people.gareth, people.dylan, people.celyn, people.office, people.head):
        assert put_back_on_page(people, taken, who).status_code == 404
        page = people.client(who).get(f"/messages/child/{people.mali.pk}/?back={hide(taken.pk)}", follow=True)
        assert taken.body not in page.content.decode()
    with pytest.raises(PermissionDenied):
        put_back(taken, by=people.actor(people.gareth), at=at(LATER))
    assert not Message.objects.waiting().exists()


@pytest.mark.policy("PA-9")
def test_access_is_checked_anew(people, taken):
    Guardianship.objects.filter(contact__user=people.nia).update(
        restriction=Restriction.MESSAGING_PAUSED, restriction_note="A warning."
    )
    with pytest.raises(MessagingPaused):
        put_back(taken, by=people.actor(people.nia), at=at(LATER))
    answer = put_back_on_page(people, taken)
    assert f"{taken.body}</textarea>" in page_text(people.client(people.nia), answer["Location"])
    Guardianship.objects.filter(contact__user=people.nia).update(
        restriction=Restriction.NO_ACCESS, restriction_note="An order."
    )
    with pytest.raises(NotYourConversation):
        put_back(taken, by=people.actor(people.nia), at=at(LATER))
    assert put_back_on_page(people, taken).status_code == 404
    assert not Message.objects.waiting().exists()


@pytest.mark.policy("TE-4")
def test_the_class_puts_back_signed_by_who_does_it(people, clock):
    clock.set(QUIET)
    message = from_class(people, when=QUIET, staff=people.pritchard)
    answer = withdraw_on_page(people, message, people.celyn)
    page = page_text(people.client(people.celyn), answer["Location"])
    assert f"/messages/put-back/{hide(message.pk)}/" in page and f"{message.body}</textarea>" in page
    message.refresh_from_db()
    sent = put_back(message, by=people.actor(people.celyn, people.adeyemi), at=at(LATER))
    assert (sent.staff, sent.release_at, sent.body) == (people.adeyemi, at(ARRIVES), message.body)


@pytest.mark.usefixtures("media")
def test_files_go_again_and_are_with_the_words_in_the_field(people, clock):
    clock.set(QUIET)
    message = sent_with(people, photo(), when=QUIET)
    name = message.files.get().name
    answer = withdraw_on_page(people, message)
    page = page_text(people.client(people.nia), answer["Location"])
    assert f'name="stored" value="{name}" checked' in page
    clock.set(LATER)
    put_back_on_page(people, message)
    assert Message.objects.waiting().get().files.get().name == name


@pytest.mark.usefixtures("media")
def test_files_go_with_words_that_are_written_anew(people, clock):
    clock.set(QUIET)
    message = sent_with(people, photo(), when=QUIET)
    name = message.files.get().name
    withdraw_on_page(people, message)
    answer = {"body": "Better words.", "key": key(), "stored": name}
    people.client(people.nia).post(f"/messages/child/{people.mali.pk}/", answer)
    sent = Message.objects.waiting().get()
    assert (sent.body, sent.files.get().name) == ("Better words.", name)
    assert people.client(people.nia).get(f"/messages/file/{name}/").status_code == 200


def _offered(people):
    return offer_times(
        from_parent(people).conversation, by=people.actor(people.celyn), at=at("2026-11-10 10:01"),
        key=key(), times=[at("2026-11-16 15:45"), at("2026-11-17 15:45")],
    )  # fmt: skip


def test_a_chosen_time_is_chosen_again_while_it_is_open(people, clock):
    offer, nia = _offered(people), people.actor(people.nia)
    clock.set(QUIET)
    chosen = answer_times(offer, by=nia, at=at(QUIET), key=key(), chosen=at("2026-11-17 15:45"))
    withdraw_message(chosen, by=nia, at=at(QUIET))
    chosen.refresh_from_db()
    again = put_back(chosen, by=nia, at=at(LATER))
    assert (again.proposal.answers_id, again.proposal.chosen) == (offer.pk, at("2026-11-17 15:45"))


def test_a_time_answered_otherwise_meanwhile_is_not_agreed(people, clock):
    offer, nia = _offered(people), people.actor(people.nia)
    clock.set(QUIET)
    chosen = answer_times(offer, by=nia, at=at(QUIET), key=key(), chosen=at("2026-11-17 15:45"))
    withdraw_message(chosen, by=nia, at=at(QUIET))
    chosen.refresh_from_db()
    answer_times(offer, by=nia, at=at(QUIET), key=key(), chosen=None)
    with pytest.raises(NoLongerFits):
        put_back(chosen, by=nia, at=at(LATER))


def test_times_that_are_over_are_dropped_and_the_last_one_refused(people, clock):
    nia, early = people.actor(people.nia), "2026-11-16 08:10"
    clock.set(early)
    request = ask_for_meeting(
        pupil=people.mali, parent=people.nia, by=nia, at=at(early), key=key(), how="either", spoken="en",
        times=[at("2026-11-16 09:00"), at("2026-11-16 15:45")],
    )  # fmt: skip
    withdraw_message(request, by=nia, at=at(early))
    request.refresh_from_db()
    with pytest.raises(NoLongerFits):
        put_back(request, by=nia, at=at("2026-11-16 16:30"))
    assert put_back(request, by=nia, at=at(OPEN)).proposal.times == [at("2026-11-16 15:45")]


def test_a_run_of_messages_names_its_sender_once(people, clock):
    first = from_class(people, "One.")
    from_class(people, "Two.", when="2026-11-10 10:01")
    from_parent(people, "Three.", when="2026-11-10 10:02")
    from_class(people, "Four.", when="2026-11-10 10:03")
    clock.set("2026-11-10 10:05")
    page = page_text(people.client(people.nia), f"/messages/{first.conversation_id}/")
    assert page.count('class="message__by"') == 2 and page.count("message__by unseen") == 1
