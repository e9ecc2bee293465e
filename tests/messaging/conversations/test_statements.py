"""Compare statements written by hand with plain querysets.

In conversations of every kind.
"""

from collections import defaultdict
from datetime import datetime
from itertools import chain
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import Http404

from accounts.models.people import StaffMember, User
from classes.models.classrooms import Classroom
from classes.models.guardianships import Guardianship
from classes.models.pupils import Pupil
from messaging.attachments.queries import with_files
from messaging.conversations.queries.access import get_conversation_for
from messaging.conversations.queries.class_inbox import class_rows
from messaging.conversations.queries.messages import conversation_messages, signed
from messaging.conversations.queries.parent_inbox import newest_of_parent, parent_rows
from messaging.conversations.services.permissions import right_to_write
from messaging.models.attachments import Attachment
from messaging.models.conversations import Conversation, Message
from messaging.models.proposals import Proposal
from tests.clock import at
from tests.messaging.every_kind import EVERYBODY, FAMILIES, NOW, values, write_of_every_kind
from tests.people import guardianship


@pytest.fixture
def written(people, clock) -> list[Conversation]:
    clock.set(NOW)
    return write_of_every_kind(people)


def by_conversation(messages) -> dict[int, list[Message]]:
    found = defaultdict(list)
    for each in messages.select_related("conversation", "in_broadcast").order_by("release_at", "pk"):
        found[each.conversation_id].append(each)
    return found


def last_reply(own: list[Message]):
    """Return when the class last wrote to this family alone."""
    counted = [one for one in own if not (one.withdrawn_at or one.hidden_at or hasattr(one, "in_broadcast"))]
    return max((one.sent_at for one in counted), default=at("2000-01-01 00:00"))


def class_row(seen: list[Message], own: list[Message]) -> tuple:
    """Say what the list must show of a conversation.

    Behind what orders it.
    """
    last, theirs = seen[-1], [one for one in seen if not one.from_class]
    unread, marked = any(not one.read_at for one in theirs), seen[0].conversation.done_at
    done = bool(marked and not unread and all(one.release_at <= marked for one in theirs))
    answers = last.release_at == last.sent_at and not hasattr(last, "in_broadcast")
    answered = last.from_class and (answers or all(one.release_at <= last_reply(own) for one in theirs))
    order = (done, answered, -last.release_at.timestamp(), -last.pk)
    return order, last.conversation_id, last.pk, unread, done


def plain_class_rows(actor) -> list[tuple]:
    mine = {"conversation__in": Conversation.objects.of_class(actor)}
    seen = by_conversation(Message.objects.visible_to(actor).filter(**mine))
    own = by_conversation(Message.objects.filter(from_class=True, **mine))
    return [row[1:] for row in sorted(class_row(messages, own[pk]) for pk, messages in seen.items())]


def read_class_rows(actor, **wanted) -> list[tuple]:
    found, more = class_rows(actor, now=at(NOW), **wanted)
    pages = [found]
    while more:
        found, more = class_rows(actor, now=at(NOW), after=more, **wanted)
        pages.append(found)
    return [
        (row.conversation.pk, row.last.message.pk, row.unread, row.done) for row in chain.from_iterable(pages)
    ]


@pytest.mark.policy("PA-6")
def test_everybodys_list_of_a_class_is_the_plain_one(people, written):
    lengths = {}
    for name in EVERYBODY:
        actor = people.actor(getattr(people, name))
        read = read_class_rows(actor)
        assert read == (plain_class_rows(actor) if actor.is_class else [])
        lengths[name] = len(read)
    assert lengths["celyn"] > 60 and lengths["derwen"] > 30 and sum(map(bool, lengths.values())) == 2


def test_a_search_finds_names_and_visible_words_alone(people, written):
    celyn = people.actor(people.celyn)
    every = read_class_rows(celyn)
    pk, last, *_marks = every[-1]
    other = Conversation.objects.get(pk=pk)
    for words in (other.parent.name, other.pupil.preferred_forename, Message.objects.get(pk=last).body):
        assert every[-1] in read_class_rows(celyn, find=words)
    unseen = Message.objects.exclude(pk__in=Message.objects.visible_to(celyn).values("pk"))
    unseen = unseen.filter(conversation__in=[row[0] for row in every])
    assert unseen.count() > 20
    assert [read_class_rows(celyn, find=each.body) for each in unseen[:20]] == [[]] * 20


def read_parent_rows(actor) -> dict[int, tuple[int, int]]:
    rows = [row for row in parent_rows(actor, now=at(NOW)) if row.conversation]
    found = {row.conversation.pk: (row.last.message.pk, row.unread) for row in rows}
    # The list has a row for each child; its statement alone brings no other conversation either.
    assert found == {one.conversation_id: (one.pk, one.unread) for one in newest_of_parent(actor)}
    return found


def plain_parent_rows(actor) -> dict[int, tuple[int, int]]:
    mine = {"conversation__in": Conversation.objects.visible_to(actor)}
    return {
        pk: (seen[-1].pk, sum(one.from_class and not one.read_at for one in seen))
        for pk, seen in by_conversation(Message.objects.visible_to(actor).filter(**mine)).items()
    }


@pytest.mark.policy("PA-6")
def test_every_parents_list_is_the_plain_one(people, written):
    named = [people.actor(getattr(people, name)) for name in EVERYBODY]
    parents = [people.actor(conversation.parent) for conversation in written]
    personal = [actor for actor in [*named, *parents] if not actor.is_class]
    found = [read_parent_rows(actor) for actor in personal]
    assert found == [plain_parent_rows(actor) for actor in personal]
    assert 50 < sum(map(bool, found)) < FAMILIES


def finds(actor, pk: int) -> bool:
    try:
        found = get_conversation_for(actor, pk)
    except Http404:
        return False
    plain = Conversation.objects.select_related("pupil__classroom", "parent").get(pk=pk)
    pairs = [
        (found, plain),
        (found.pupil, plain.pupil),
        (found.pupil.classroom, plain.pupil.classroom),
        (found.parent, plain.parent),
    ]
    assert [values(read) for read, _plain in pairs] == [values(plain) for _read, plain in pairs]
    return True


def somebody(people, conversations: list[Conversation]) -> list[tuple]:
    """Return (actor, conversation) for everybody by name and each family.

    With each of these conversations.
    """
    named = [people.actor(getattr(people, name)) for name in EVERYBODY]
    return [
        (actor, each)
        for each in conversations
        for actor in (*named, people.actor(each.parent), people.actor(conversations[0].parent))
    ]


@pytest.mark.policy("PA-6")
def test_everybody_opens_the_conversations_of_the_plain_queryset(people, written):
    pairs = somebody(people, written[:60])
    found = [finds(actor, each.pk) for actor, each in pairs]
    assert found == [
        Conversation.objects.visible_to(actor).filter(pk=each.pk).exists() for actor, each in pairs
    ]
    assert 60 < sum(found) < len(pairs) / 4


def test_a_conversation_comes_with_its_family_in_one_query(people, written, django_assert_num_queries):
    actors = [people.actor(each.parent) for each in written]
    actor = next(each for each in actors if Conversation.objects.visible_to(each).exists())
    pk = Conversation.objects.get(parent=actor.user).pk
    with django_assert_num_queries(1):
        found = get_conversation_for(actor, pk)
        assert found.parent == actor.user and found.pupil.classroom.name


def plain_right_to_write(by, pupil: Pupil, parent: User, since: datetime) -> tuple | None:
    mine = {"pupil__classroom__account" if by.is_class else "contact__user": by.user}
    conversation = Conversation.objects.filter(pupil=OuterRef("pupil"), parent=OuterRef("contact__user"))
    is_read = Exists(Classroom.objects.read_by_somebody().filter(pk=OuterRef("pupil__classroom")))
    live = Guardianship.objects.live().filter(pupil=pupil, contact__user=parent).filter(**mine)
    found = live.values_list("restriction", Subquery(conversation.values("pk")), is_read).first()
    sent = Message.objects.filter(author=by.user, sent_at__gt=since).count()
    return found and (found[0], found[1], sent, found[2])


@pytest.mark.parametrize("staffed", [True, False])
def test_everybody_may_write_where_the_plain_queryset_says(people, written, staffed):
    if not staffed:
        people.celyn.staff.clear()
        people.derwen.staff.update(leaves_on="2026-11-10")
    for gone in written[40:50]:
        Guardianship.objects.filter(pupil=gone.pupil_id).update(ended_at=at(NOW))
    Pupil.objects.filter(pk__in=[each.pupil_id for each in written[51:56]]).update(classroom=None)
    for again in written[30:40]:
        Guardianship.objects.filter(pupil=again.pupil_id).update(
            ended_at=at(NOW), restriction="no_access", restriction_note="An order."
        )
        guardianship(again.parent.contact, again.pupil)
    since, found = at("2026-11-09 09:30"), []
    for actor, each in somebody(people, written[30:60]):
        found.append(right_to_write(actor, each.pupil, each.parent, since))
        assert found[-1] == plain_right_to_write(actor, each.pupil, each.parent, since)
    granted = [one for one in found if one]
    assert len(granted) > 15 and {one[3] for one in granted} == ({True, False} if staffed else {False})
    assert any(one[2] for one in granted)


def carried(read: Message) -> list[object]:
    """Return all that a message brings to its page."""
    proposal = getattr(read, "proposal", None)
    return [
        values(read),
        read.staff and values(read.staff),
        proposal and values(proposal),
        read.signed_for,
        read.attachments,
    ]


def plain_last_messages(actor, conversation: Conversation, before: Message | None) -> list[Message]:
    seen = Message.objects.visible_to(actor).filter(conversation=conversation)
    if before:
        same = Q(release_at=before.release_at, pk__lt=before.pk)
        seen = seen.filter(Q(release_at__lt=before.release_at) | same)
    return list(signed(with_files(seen)).order_by("-release_at", "-pk"))


def give_files_and_proposals(conversations: list[Conversation]) -> None:
    unannounced = Message.objects.filter(conversation__in=conversations, announced_at__isnull=True)
    for each in unannounced[::2]:
        owner = {"message": each, "owner_id": each.author_id, "staff_id": each.staff_id}
        photo = {
            "kind": "photo",
            "title": "Owl",
            "alt": "An owl",
            "width": 3,
            "size": 9,
            "cleared_at": at(NOW),
        }
        for position in (2, 1):
            Attachment.objects.create(position=position, name=uuid4().hex, **photo, **owner)
        Proposal.objects.create(message=each, kind="request", times=[at("2026-11-12 15:45")])


@pytest.mark.policy("PA-6")
def test_a_page_of_messages_is_the_plain_one(people, written, django_assert_num_queries):
    give_files_and_proposals(written[:40])
    found = 0
    for each in written[:40]:
        for actor in (people.actor(each.pupil.classroom), people.actor(each.parent)):
            plain = plain_last_messages(actor, each, None)
            for before in (None, *plain):
                with django_assert_num_queries(1):
                    views, _more = conversation_messages(each, actor, now=at(NOW), before=before)
                    read = [carried(view.message) for view in reversed(views) if not view.withdrawn]
                assert read == [carried(one) for one in plain_last_messages(actor, each, before)]
                found += len(read)
    assert found > 100


@pytest.mark.parametrize("model", [Conversation, Message, Proposal, StaffMember, User])
def test_no_column_of_the_statements_needs_converting(model):
    fields = model._meta.concrete_fields
    assert {field.name for field in fields if field.get_db_converters(connection)} == set()
