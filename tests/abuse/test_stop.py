"""The switch that stops all messages, under a flood and in a race."""

import threading
from uuid import uuid4

import pytest
from django.db import connections

from accounts.models.notifications import Notification
from malpas.lib.hidden import hide
from messaging.conversations.services.permissions import MessagingSuspended
from messaging.conversations.services.proposals import offer_times
from messaging.conversations.services.scheduling import announce_due
from messaging.models.conversations import Message
from messaging.oversight.suspension import suspend_messaging
from tests.clock import at
from tests.messaging.school_time import from_parent
from tests.people import key
from tests.sentences.messaging import TOO_MANY_MESSAGES
from tests.structure.world import make_world

NOW = "2026-11-10 10:00"


def test_A12_a_stolen_account_is_stopped_at_the_limit(people):
    nia, address = people.client(people.nia), f"/messages/child/{people.mali.pk}/"
    answers = [nia.post(address, {"body": f"https://evil.example/{n}", "key": key()}) for n in range(30)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [422] * 10
    assert Message.objects.count() == 20


def test_A12_leaders_are_notified_once_of_a_flood(people):
    nia, address = people.client(people.nia), f"/messages/child/{people.mali.pk}/"
    for number in range(20):
        nia.post(address, {"body": f"https://evil.example/{number}", "key": key()})
    assert not Notification.objects.filter(kind="alarm").exists()
    for number in range(5):
        nia.post(address, {"body": f"More {number}", "key": key()})
    alarms = Notification.objects.filter(kind="alarm")
    assert {one.recipient for one in alarms} == {people.head.user, people.deputy.user} and alarms.count() == 2
    assert "evil" not in alarms[0].title + alarms[0].body


@pytest.mark.parametrize("page", ["asks", "answers"])
def test_A12_leaders_are_notified_of_a_flood_of_meetings_too(people, page):
    people.school.messages_an_hour = 1
    people.school.save()
    by, now = people.actor(people.celyn), at("2026-11-10 10:00")
    nia, sent = people.client(people.nia), from_parent(people)
    offer = offer_times(sent.conversation, by=by, at=now, key=uuid4(), times=[at("2026-11-17 15:45")])
    meeting = {"time_1": "2026-11-17T15:45", "how": "either", "spoken": "en", "key": key()}
    pages = {
        "asks": (f"/messages/child/{people.mali.pk}/meeting/", meeting),
        "answers": (f"/messages/answer/{hide(offer.pk)}/", {"chosen": "none", "key": key()}),
    }
    answer = nia.post(*pages[page])
    assert answer.status_code == 422 and TOO_MANY_MESSAGES in answer.content.decode()
    alarms = Notification.objects.filter(kind="alarm")
    assert {one.recipient for one in alarms} == {people.head.user, people.deputy.user}


def test_A12_leaders_stop_all_messages_and_the_next_request_knows(people):
    world = make_world(people)
    before = Message.objects.count()
    nia, address = people.client(people.nia), f"/messages/{world.conversation.pk}/"
    assert nia.post(address, {"body": "One", "key": key()}).status_code == 302
    assert people.client(people.head).post("/oversight/suspend/", {"reason": "Stolen"}).status_code == 302
    assert nia.post(address, {"body": "Two", "key": key()}).status_code == 422
    changed = nia.post(f"/messages/change/{hide(world.waiting.pk)}/", {"body": "Three", "key": key()})
    assert changed.status_code == 422
    meeting = {"time_1": "2026-11-17T15:45", "how": "either", "spoken": "en", "key": key()}
    assert nia.post(f"/messages/child/{people.mali.pk}/meeting/", meeting).status_code == 422
    chosen = {"chosen": "none", "key": key()}
    assert nia.post(f"/messages/answer/{hide(world.reply.pk)}/", chosen).status_code == 422
    people.client(people.celyn).post(f"{address}call/", {"key": key()})
    assert Message.objects.filter(body__in=["Two", "Three"]).count() == 0
    assert Message.objects.count() == before + 1


@pytest.mark.django_db(transaction=True)
def test_F34_a_stop_waits_for_who_is_sending_and_nobody_sends_after_it(people):
    from_parent(people)
    begin, sent, refused = threading.Barrier(9), [], []

    def send(number: int) -> None:
        begin.wait()
        try:
            sent.append(from_parent(people, f"Number {number}.").pk)
        except MessagingSuspended:
            refused.append(number)
        finally:
            connections.close_all()

    writers = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for writer in writers:
        writer.start()
    begin.wait()
    suspend_messaging(by=people.actor(people.deputy), at=at(NOW), reason="Race")
    committed = Message.objects.count()
    for writer in writers:
        writer.join()
    assert Message.objects.count() == committed == 1 + len(sent) and len(sent) + len(refused) == 8
    assert announce_due() == 0
