"""The class's list of conversations: unanswered first, in pages, by state, by a name and by words (I3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast

from accounts.actor import Actor
from messaging.enums import TalkState
from messaging.models import Conversation, Message
from messaging.queries.conversations import Shown, show

ROWS = 20
Numbers = ArrayField(BigIntegerField())


@dataclass(frozen=True)
class Place:
    """Where a page of the list ends: done or not, then [answered, -arrival in microseconds, -id of the last message]."""

    done: bool
    key: tuple[int, int, int]

    def __str__(self) -> str:
        return ".".join(str(number) for number in (int(self.done), *self.key))


@dataclass(frozen=True)
class ClassRow:
    """One line; `last` is the newest message that the class may see."""

    conversation: Conversation
    last: Shown
    unread: bool
    done: bool


def _answers() -> QuerySet[Message]:
    """What the class wrote to this family alone after the family's last message had reached it: a reply.

    What was written while that message still waited answers nothing, and what went to several families answers nobody.
    """
    own = Message.objects.filter(conversation=OuterRef("pk"), from_class=True, in_circular__isnull=True)
    return own.filter(sent_at__gte=OuterRef("asked_at"), withdrawn_at__isnull=True, hidden_at__isnull=True)


def _sorted(actor: Actor) -> QuerySet[Conversation]:
    """Each with its `key` (see Place), `unread` and `done`: nothing of the family's arrived since or stands unread."""
    seen = Message.objects.visible_to(actor).filter(conversation=OuterRef("pk"))
    theirs = seen.filter(from_class=False)
    numbers = Func(
        Func(
            F("release_at"),
            template="(-1000000 * EXTRACT(EPOCH FROM %(expressions)s))::bigint",
            output_field=BigIntegerField(),
        ),
        -F("pk"),
        template="ARRAY[%(expressions)s]",
        output_field=Numbers,
    )
    last = seen.order_by("-release_at", "-pk").values(numbers=numbers)[:1]
    newer = theirs.filter(Q(release_at__gt=OuterRef("done_at")) | Q(read_at__isnull=True))
    done = Case(
        When(done_at__isnull=True, then=Value(False)),
        When(Exists(newer), then=Value(False)),
        default=Value(True),
        output_field=BooleanField(),
    )
    answered = Case(
        When(Q(asked_at__isnull=False) & ~Exists(_answers()), then=Value(0)),
        default=Value(1),
        output_field=BigIntegerField(),
    )
    talks = Conversation.objects.visible_to(actor).annotate(
        asked_at=Subquery(theirs.order_by("-release_at", "-pk").values("release_at")[:1])
    )
    return talks.annotate(
        key=Func(answered, Subquery(last), function="array_prepend", output_field=Numbers),
        unread=Exists(theirs.filter(read_at__isnull=True)),
        done=done,
    )


def _of_state(talks: QuerySet[Conversation], actor: Actor, state: str) -> QuerySet[Conversation]:
    if state == TalkState.DONE:
        return talks.filter(done=True)
    if state == TalkState.UNANSWERED:
        return talks.filter(done=False, key__0=0)
    if state == TalkState.WAITING:
        waiting = Message.objects.waiting().filter(conversation=OuterRef("pk"), from_class=True)
        return talks.filter(Exists(waiting))
    return talks


def _after(talks: QuerySet[Conversation], place: Place) -> QuerySet[Conversation]:
    key = Cast(Value(list(place.key), output_field=Numbers), Numbers)
    if place.done:
        return talks.filter(done=True, key__gt=key)
    return talks.filter(Q(done=True) | Q(key__gt=key))


def _found(talks: QuerySet[Conversation], actor: Actor, find: str) -> QuerySet[Conversation]:
    """Those whose child and parent bear all these names, and those in which this side can read these very words."""
    named = Q()
    for word in find.split():
        child = Q(pupil__preferred_forename__icontains=word) | Q(pupil__legal_surname__icontains=word)
        named &= child | Q(parent__name__icontains=word)
    seen = Message.objects.visible_to(actor).filter(conversation=OuterRef("pk"))
    return talks.filter(named | Q(Exists(seen.filter(body__icontains=find))))


def class_rows(
    actor: Actor, *, now: datetime, state: str = "", find: str = "", after: Place | None = None
) -> tuple[list[ClassRow], Place | None]:
    """A page of the class's conversations, and where the next one begins (None: no more).

    The unanswered first, then the newest; what is done comes last. `find`: part of a child's or a parent's name, or
    words of a message. What a parent has waiting changes neither order nor count nor words, and opens nothing (I3).
    """
    talks = _of_state(_sorted(actor), actor, state)
    talks = _found(talks, actor, find) if find else talks
    talks = _after(talks, after) if after else talks
    shown = ("pupil__preferred_forename", "parent__name", "parent__kind")
    talks = talks.select_related("pupil", "parent").only(*shown)
    found = list(talks.order_by("done", "key")[: ROWS + 1])
    page = found[:ROWS]
    messages = Message.objects.in_bulk([-talk.key[2] for talk in page])
    rows = [
        ClassRow(
            talk,
            last=show(messages[-talk.key[2]], actor, now),
            unread=talk.unread,
            done=talk.done,
        )
        for talk in page
    ]
    more = Place(page[-1].done, tuple(page[-1].key)) if len(found) > ROWS else None
    return rows, more
