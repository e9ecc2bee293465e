"""Check broadcasts: a message for each family, by the rules for one."""

import re
from uuid import uuid4, uuid5

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models.audit import AuditEntry
from classes.enums import Restriction
from classes.models.guardianships import Guardianship
from classes.models.pupils import Pupil
from malpas.lib.hidden import hide
from malpas.lib.idempotency import IdempotencyConflict
from messaging.body import BodyTooLong, EmptyBody
from messaging.conversations.queries.broadcasts import outcome
from messaging.conversations.services.broadcasts import NobodyToReach, send_to_many, withdraw_broadcast
from messaging.conversations.services.change import AlreadyArrived, change_message, withdraw_message
from messaging.conversations.services.permissions import MessagingSuspended
from messaging.conversations.services.scheduling import announce_due
from messaging.conversations.services.screening import FaceToFace
from messaging.enums import SkipReason
from messaging.errors import NotYourConversation
from messaging.models.broadcasts import Broadcast, BroadcastMessage
from messaging.models.conversations import Conversation, Message
from messaging.models.screening import Phrase
from messaging.oversight.suspension import suspend_messaging
from messaging.screening.school_lists import clear_school_lists_cache
from tests.clock import at
from tests.messaging.conversations.test_scheduling import at_once, in_parallel  # noqa: F401
from tests.messaging.school_time import ARRIVES, QUIET, from_class, from_parent
from tests.people import guardianship, key, make_contact, make_pupil, make_user
from tests.sentences.messaging import (
    CANNOT_BE_WRITTEN_TO,
    CHOOSE_RECIPIENTS,
    OR_SOME_FAMILIES,
    WITHDRAW_PENDING,
    WRITTEN_TO_ONE_FAMILY,
)

WORDS = "Please bring wellies on Friday."
HOME = "/messages/families/write/"


def test_one_of_two_ways_to_choose_is_required(people):
    celyn = people.client(people.celyn)
    page = celyn.get(HOME).content.decode()
    assert f"{OR_SOME_FAMILIES}</legend>" in page
    answer = celyn.post(HOME, {"body": WORDS, "key": key()})
    assert answer.status_code == 422 and answer.content.decode().count(CHOOSE_RECIPIENTS) == 2


def test_its_pages_belong_to_the_messages(people):
    celyn = people.client(people.celyn)
    for path in (HOME, f"/messages/families/{hide(to_class(people).pk)}/", "/messages/departed/"):
        assert re.search(r'href="/messages/"\s+aria-current="true"', celyn.get(path).content.decode()), path


def to_class(people, body=WORDS, *, when=QUIET, pupils=None, by=None, key=None, confirmed=None) -> Broadcast:
    return send_to_many(
        pupils=pupils or [people.mali, people.efa, people.zofia],
        by=by or people.actor(people.celyn, people.pritchard),
        at=at(when),
        body=body,
        key=key or uuid4(),
        confirmed=confirmed,
    )


def readers() -> set[tuple[str, str]]:
    rows = Message.objects.filter(withdrawn_at__isnull=True)
    return set(rows.values_list("conversation__pupil__preferred_forename", "conversation__parent__name"))


def why(broadcast: Broadcast) -> dict[int, str]:
    return {one["pupil"]: one["why"] for one in broadcast.skipped}


def many_families(people, number: int) -> None:
    for n in range(number):
        guardianship(make_contact(f"Adult{n}", "Many", make_user(f"Adult{n} Many", f"adult{n}@home.example")),
            make_pupil(f"Child{n}", "Many", people.celyn))  # fmt: skip


@pytest.mark.policy("TE-4")
def test_each_adult_gets_the_broadcast_signed_at_the_opening(people, clock):
    clock.set(QUIET)
    broadcast = to_class(people)
    assert readers() == {("Mali", people.nia.name), ("Mali", people.gareth.name), ("Efa", people.sioned.name)}
    sent = Message.objects.all()
    facts = sent.values_list("body", "staff", "from_class", "author", "release_at").distinct()
    assert list(facts) == [(WORDS, people.pritchard.pk, True, people.celyn.account.pk, at(ARRIVES))]
    assert Conversation.objects.count() == 3 == broadcast.parts.count()


@pytest.mark.policy("TE-4")
def test_a_broadcast_is_invisible_before_it_arrives(people, clock):
    clock.set(QUIET)
    to_class(people)
    assert not Message.objects.visible_to(people.actor(people.nia)).exists()
    clock.set(ARRIVES)
    from_parent(people, "Which wellies?", when=ARRIVES)
    mine = Conversation.objects.visible_to(people.actor(people.gareth)).get()
    bodies = Message.objects.visible_to(people.actor(people.gareth)).filter(conversation=mine)
    assert list(bodies.values_list("body", flat=True)) == [WORDS]


def test_each_family_is_notified_once_by_the_run(people, clock):
    clock.set(QUIET)
    to_class(people)
    assert announce_due() == 0
    clock.set(ARRIVES)
    assert announce_due() == 3 and announce_due() == 0


def test_adults_who_cannot_be_written_to_are_skipped_and_named(people):
    new = make_pupil("Osian", "New", people.celyn)
    Guardianship.objects.filter(pupil=people.efa).update(
        restriction=Restriction.MESSAGING_PAUSED, restriction_note="An order."
    )
    Guardianship.objects.filter(contact__user=people.gareth).update(
        restriction=Restriction.NO_ACCESS, restriction_note="An order."
    )
    broadcast = to_class(people, pupils=Pupil.objects.filter(classroom=people.celyn))
    assert readers() == {("Mali", people.nia.name)}
    left = {(one["pupil"], one["parent"], one["why"]) for one in broadcast.skipped}
    assert left == {
        (people.mali.pk, people.gareth.pk, SkipReason.BARRED),
        (people.efa.pk, people.sioned.pk, SkipReason.PAUSED),
        (people.zofia.pk, people.kai.pk, SkipReason.BARRED),
        (new.pk, None, SkipReason.NOT_JOINED),
    }


def test_when_nobody_can_be_reached_nothing_is_kept(people):
    with pytest.raises(NobodyToReach, match="ask the office"):
        to_class(people, pupils=[people.zofia])
    assert not Broadcast.objects.exists()


def test_one_child_of_another_class_refuses_the_broadcast(people):
    with pytest.raises(NotYourConversation):
        to_class(people, pupils=[people.mali, people.rhys])
    assert not Message.objects.exists()


@pytest.mark.parametrize("who", ["head", "nia", "mali"])
def test_nobody_but_a_class_writes_to_several(people, who):
    with pytest.raises(NotYourConversation):
        to_class(people, by=people.actor(getattr(people, who)), pupils=[people.mali])


def test_who_has_left_the_school_writes_no_more(people):
    by = people.actor(people.celyn, people.pritchard)
    people.pritchard.left_on = at("2026-11-12 10:00").date()
    people.pritchard.save()
    with pytest.raises(NotYourConversation):
        to_class(people, by=by)


@pytest.mark.parametrize(("body", "sentence"), [(" \u200b", EmptyBody), ("é" * 5001, BodyTooLong)])
def test_words_are_judged_as_in_one_message(people, body, sentence):
    with pytest.raises(sentence):
        to_class(people, body)


@pytest.mark.policy("AU-1")
def test_a_broadcast_is_screened_once_for_unkind_words(people):
    Phrase.objects.get_or_create(kind="unkind", language="en", text="idiot")
    clear_school_lists_cache()
    with pytest.raises(FaceToFace):
        to_class(people, "You idiot", confirmed=frozenset())
    assert not Message.objects.exists()
    to_class(people, "You idiot", confirmed={"unkind"})
    assert Message.objects.count() == 3


def test_nothing_is_written_while_suspended(people):
    suspend_messaging(by=people.actor(people.head), at=at(QUIET), reason="A test")
    with pytest.raises(MessagingSuspended):
        to_class(people)


def test_a_repeated_broadcast_returns_the_first(people):
    key = uuid4()
    first = to_class(people, key=key, pupils=[people.mali])
    assert to_class(people, key=key, pupils=[people.mali]) == first
    assert set(Message.objects.values_list("body", flat=True)) == {WORDS} and Message.objects.count() == 2


def test_a_used_key_with_other_text_or_families_conflicts(people):
    key = uuid4()
    to_class(people, key=key, pupils=[people.mali])
    with pytest.raises(IdempotencyConflict):
        to_class(people, "Other words", key=key, pupils=[people.mali])
    with pytest.raises(IdempotencyConflict):
        to_class(people, key=key, pupils=[people.mali, people.efa])


def test_what_fails_half_way_leaves_nothing(people):
    taken, key = to_class(people, pupils=[people.efa]), uuid4()
    Message.objects.update(key=uuid5(key, f"{people.efa.pk} {people.sioned.pk}"))
    with pytest.raises(IntegrityError, match="message_once"), transaction.atomic():
        to_class(people, key=key)
    assert Broadcast.objects.get() == taken and Message.objects.count() == 1


def test_thirty_families_ask_the_database_no_more_than_three(people):
    with CaptureQueriesContext(
        connection,
    ) as few:
        to_class(people)
    many_families(people, 30)
    with CaptureQueriesContext(connection) as many:
        to_class(people, pupils=Pupil.objects.filter(classroom=people.celyn))
    assert Message.objects.count() == 3 + 33
    assert len(many) <= len(few) + 1 <= 25  # the pupils themselves are read within


@pytest.mark.policy("TE-4")
def test_a_pending_broadcast_is_changed_or_withdrawn(people, clock):
    clock.set(QUIET)
    by = people.actor(people.celyn, people.adeyemi)
    broadcast = to_class(people)
    one, two, _three = Message.objects.order_by("pk")
    change_message(one, by=by, at=at(QUIET), body="Other words")
    withdraw_message(two, by=by, at=at(QUIET))
    assert withdraw_broadcast(broadcast, by=by, at=at(QUIET)) == 2
    assert withdraw_broadcast(broadcast, by=by, at=at(QUIET)) == 0
    clock.set(ARRIVES)
    assert announce_due() == 0 and not Message.objects.visible_to(people.actor(people.nia)).exists()


def test_what_has_arrived_is_not_withdrawn(people, clock):
    clock.set(QUIET)
    broadcast = to_class(people)
    clock.set(ARRIVES)
    with pytest.raises(AlreadyArrived):
        withdraw_broadcast(broadcast, by=people.actor(people.celyn, people.pritchard), at=at(QUIET))
    assert not Message.objects.filter(withdrawn_at__isnull=False).exists()


def test_another_class_or_a_leader_withdraws_nothing(people, clock):
    clock.set(QUIET)
    broadcast = to_class(people)
    for other in (people.actor(people.derwen, people.howells), people.actor(people.head)):
        with pytest.raises(PermissionDenied):
            withdraw_broadcast(broadcast, by=other, at=at(QUIET))


def test_the_audit_says_how_many_and_holds_no_words(people, clock):
    clock.set(QUIET)
    broadcast = to_class(people)
    withdraw_broadcast(broadcast, by=people.actor(people.celyn, people.pritchard), at=at(QUIET))
    rows = AuditEntry.objects.filter(about=f"messaging.broadcast:{broadcast.pk}").order_by("turn")
    assert list(rows.values_list("verb", "detail")) == [
        ("messages.sent_to_many", {"sent": 3, "skipped": 1}),
        ("messages.withdrawn_together", {"withdrawn": 3}),
    ]


def test_the_database_keeps_a_broadcast_to_its_class(people):
    broadcast = to_class(people)
    with pytest.raises(IntegrityError, match="broadcast_is_of_a_class"), transaction.atomic():
        Broadcast.objects.update(author=people.nia)
    for other in (from_parent(people), from_class(people, pupil=people.rhys, parent=people.dylan)):
        with pytest.raises(IntegrityError, match="broadcast_holds_its_writers_own"), transaction.atomic():
            BroadcastMessage.objects.create(message=other, broadcast=broadcast)


def test_a_child_of_another_class_is_left_off_the_outcome(people):
    broadcast = to_class(people)
    Pupil.objects.filter(pk__in=[people.mali.pk, people.zofia.pk]).update(classroom=people.derwen)
    sent = outcome(broadcast, people.actor(people.celyn), at(QUIET))
    assert sent.families == 1 and sent.not_sent == []


def test_the_page_writes_to_the_class_and_names_who_was_skipped(people, clock):
    clock.set(QUIET)
    browser = people.client(people.celyn)
    page = browser.get(HOME).content.decode()
    assert page.index("Quiet until") < page.index("<textarea") and "Send for Monday 08:30" in page
    answer = {"everybody": "on", "body": WORDS, "key": key()}
    page = browser.post(HOME, answer, follow=True).content.decode()
    assert "Written to 2 families" in page and WITHDRAW_PENDING % {"waiting": "3"} in page
    assert re.search(rf"{CANNOT_BE_WRITTEN_TO.capitalize()}:\s+Zofia", page)


def test_only_ticked_families_get_it_and_no_text_is_lost(people):
    browser = people.client(people.celyn)
    reply = browser.post(HOME, {"body": WORDS, "key": key()})
    assert reply.status_code == 422 and WORDS in reply.content.decode()
    assert CHOOSE_RECIPIENTS in reply.content.decode()
    assert "Not joined yet: Zofia" in reply.content.decode()
    for other in (people.rhys, people.zofia):
        reply = browser.post(HOME, {"body": WORDS, "children": [other.pk], "key": key()})
        assert reply.status_code == 422 and not Message.objects.exists()
    browser.post(HOME, {"body": WORDS, "children": [people.efa.pk], "key": key()})
    assert readers() == {("Efa", people.sioned.name)}


def test_a_pending_broadcast_is_withdrawn_and_written_anew(people, clock):
    clock.set(QUIET)
    broadcast = to_class(people)
    browser = people.client(people.celyn)
    page = browser.post(f"/messages/families/{hide(broadcast.pk)}/withdraw/", follow=True).content.decode()
    assert "will not arrive" in page and "that wait" not in page and page.count("Withdrawn") >= 3
    page = browser.get(f"{HOME}?again={hide(broadcast.pk)}").content.decode()
    assert WORDS in page and page.count("checked") == 2
    assert browser.get(f"{HOME}?again={hide(broadcast.pk + 9)}").status_code == 404
    assert browser.get(f"{HOME}?again=x").status_code == 404


def test_a_pause_that_comes_after_the_page_was_opened_holds(people):
    browser = people.client(people.celyn)
    browser.get(HOME)
    Guardianship.objects.filter(pupil=people.efa).update(
        restriction=Restriction.MESSAGING_PAUSED, restriction_note="An order."
    )
    page = browser.post(HOME, {"everybody": "on", "body": WORDS, "key": key()}, follow=True).content.decode()
    assert WRITTEN_TO_ONE_FAMILY in page and "Messages are paused: Efa" in " ".join(page.split())
    assert readers() == {("Mali", people.nia.name), ("Mali", people.gareth.name)}


@pytest.mark.django_db(transaction=True)
def test_F32_ten_requests_at_once_write_to_each_family_once(in_parallel):  # noqa: F811
    people, key = in_parallel, uuid4()
    answers = at_once(10, lambda: to_class(people, key=key, when="2026-11-10 10:00").pk)
    assert answers == [Broadcast.objects.get().pk] * 10 and Message.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_class_and_its_families_write_at_once_without_blocking(in_parallel):  # noqa: F811
    people = in_parallel
    turns = iter([lambda: to_class(people, when="2026-11-10 10:00").pk, lambda: from_parent(people).pk] * 5)
    answers = at_once(10, lambda: next(turns)())
    assert all(isinstance(answer, int) for answer in answers), answers
    assert Message.objects.count() == 5 * 3 + 5 and Conversation.objects.count() == 3
