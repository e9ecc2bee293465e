import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models.audit import AuditEntry
from malpas.lib.hidden import hide
from messaging.body import EmptyBody
from messaging.conversations.services.change import AlreadyArrived, change_message, withdraw_message
from messaging.conversations.services.scheduling import announce_due
from messaging.enums import WithdrawnBecause
from messaging.models.conversations import Message
from tests.clock import at
from tests.messaging.school_time import ARRIVES, QUIET, from_class, from_parent
from tests.people import key

LAST = "2026-11-16 08:29:59"


@pytest.fixture
def waiting(people, clock) -> Message:
    clock.set(QUIET)
    return from_parent(people, when=QUIET)


@pytest.mark.policy("PA-6")
def test_until_the_last_second_a_message_may_be_changed(people, clock, waiting):
    clock.set(LAST)
    change_message(waiting, by=people.actor(people.nia), at=at(LAST), body="Better words")
    waiting.refresh_from_db()
    assert (waiting.body, waiting.release_at) == ("Better words", at(ARRIVES))


@pytest.mark.policy("PA-6")
def test_a_message_may_be_withdrawn_until_the_last_second(people, clock, waiting):
    clock.set(LAST)
    withdraw_message(waiting, by=people.actor(people.nia), at=at(LAST))
    clock.set(ARRIVES)
    for who in (people.celyn, people.nia):
        assert not Message.objects.visible_to(people.actor(who)).exists()
    assert announce_due() == 0
    assert Message.objects.get().withdrawn_because == WithdrawnBecause.WRITER


@pytest.mark.policy("TE-4")
def test_the_class_may_withdraw_and_change_what_waits(people, clock):
    clock.set(QUIET)
    message = from_class(people, when=QUIET, staff=people.pritchard)
    by = people.actor(people.celyn, people.adeyemi)
    change_message(message, by=by, at=at(QUIET), body="Other words")
    message.refresh_from_db()
    assert (message.body, message.staff) == ("Other words", people.adeyemi)
    withdraw_message(message, by=by, at=at(QUIET))
    assert not Message.objects.waiting().exists()


def test_what_has_arrived_can_be_neither_changed_nor_withdrawn(people, clock, waiting):
    clock.set(ARRIVES)
    by = people.actor(people.nia)
    with pytest.raises(AlreadyArrived, match="already arrived"):
        change_message(waiting, by=by, at=at(LAST), body="x")
    with pytest.raises(AlreadyArrived):
        withdraw_message(waiting, by=by, at=at(LAST))
    assert Message.objects.visible_to(people.actor(people.celyn)).get().body == waiting.body


def test_a_withdrawal_after_the_announcement_does_nothing(people, clock, waiting):
    clock.set(ARRIVES)
    assert announce_due() == 1
    clock.set(LAST)  # as a transaction sees it that began a second before and waited for the row
    with pytest.raises(AlreadyArrived):
        withdraw_message(waiting, by=people.actor(people.nia), at=at(LAST))
    assert Message.objects.get().withdrawn_at is None


def test_the_database_refuses_withdrawn_and_announced_together(people, clock, waiting):
    Message.objects.update(announced_at=at(ARRIVES))
    with pytest.raises(IntegrityError, match="message_withdrawn_was_never_announced"), transaction.atomic():
        Message.objects.update(withdrawn_at=at(ARRIVES))


def test_a_withdrawn_message_stays_and_withdrawing_again_is_fine(people, waiting):
    by = people.actor(people.nia)
    withdraw_message(waiting, by=by, at=at(QUIET))
    withdraw_message(waiting, by=by, at=at(QUIET))
    with pytest.raises(AlreadyArrived):
        change_message(waiting, by=by, at=at(QUIET), body="x")
    assert AuditEntry.objects.filter(verb="message.withdrawn").count() == 1


def test_nobody_but_its_writer_changes_a_message(people, waiting):
    for who in (people.gareth, people.dylan, people.celyn, people.mali):
        with pytest.raises(PermissionDenied):
            withdraw_message(waiting, by=people.actor(who), at=at(QUIET))
        with pytest.raises(PermissionDenied):
            change_message(waiting, by=people.actor(who), at=at(QUIET), body="x")
    assert Message.objects.waiting().exists()


def test_words_that_nobody_can_see_do_not_replace_words(people, waiting):
    with pytest.raises(EmptyBody):
        change_message(waiting, by=people.actor(people.nia), at=at(QUIET), body="\u200b")


def test_the_pages_change_and_withdraw(people, clock, waiting):
    nia = people.client(people.nia)
    assert waiting.body in nia.get(f"/messages/change/{hide(waiting.pk)}/").content.decode()
    nia.post(f"/messages/change/{hide(waiting.pk)}/", {"body": "From the page", "key": key()})
    assert Message.objects.get().body == "From the page"
    refused = nia.post(f"/messages/change/{hide(waiting.pk)}/", {"body": " ", "key": key()})
    assert refused.status_code == 422
    assert nia.get(f"/messages/withdraw/{hide(waiting.pk)}/").status_code == 405
    assert nia.post(f"/messages/withdraw/{hide(waiting.pk)}/").status_code == 302
    assert Message.objects.get().withdrawn_at
    assert nia.get(f"/messages/change/{hide(waiting.pk)}/").status_code == 404


def test_the_pages_say_so_when_it_has_arrived(people, clock, waiting):
    clock.set(ARRIVES)
    nia = people.client(people.nia)
    changed = nia.post(f"/messages/change/{hide(waiting.pk)}/", {"body": "Too late", "key": key()})
    assert changed.status_code == 422 and "already arrived" in changed.content.decode()
    assert "Too late" in changed.content.decode()
    page = nia.post(f"/messages/withdraw/{hide(waiting.pk)}/", follow=True)
    assert "already arrived" in page.content.decode()


def test_strangers_find_no_message_to_change(people, clock, waiting):
    assert people.client(people.nia).get(f"/messages/change/{hide(waiting.pk)}/").status_code == 200
    for who in (
        people.gareth,
        people.dylan,
        people.sioned,
        people.celyn,
        people.derwen,
        people.office,
        people.head,
    ):
        browser = people.client(who)
        assert browser.get(f"/messages/change/{hide(waiting.pk)}/").status_code == 404
        assert browser.post(f"/messages/withdraw/{hide(waiting.pk)}/").status_code == 404
    clock.set(ARRIVES)
    assert people.client(people.celyn).get(f"/messages/change/{hide(waiting.pk)}/").status_code == 403
