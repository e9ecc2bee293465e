"""The class's list of conversations: unanswered first, in pages, by state and by the name of a child (I3)."""

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
    IntegerField,
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
    """Where a page of the list ends: done or not, then [answered, -arrival in microseconds, -id] of the last message."""

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


def _sorted(actor: Actor) -> QuerySet[Conversation]:
    """Each with `key` of its newest visible message (see Place) and `done`: nothing of the family's arrived since."""
    seen = Message.objects.visible_to(actor).filter(conversation=OuterRef("pk"))
    numbers = Func(
        Cast(Cast("from_class", IntegerField()), BigIntegerField()),
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
    newer = seen.filter(from_class=False, release_at__gt=OuterRef("done_at"))
    done = Case(
        When(done_at__isnull=True, then=Value(False)),
        When(Exists(newer), then=Value(False)),
        default=Value(True),
        output_field=BooleanField(),
    )
    return Conversation.objects.visible_to(actor).annotate(
        key=Subquery(last, output_field=Numbers), done=done
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


def class_rows(
    actor: Actor, *, now: datetime, state: str = "", child: str = "", after: Place | None = None
) -> tuple[list[ClassRow], Place | None]:
    """A page of the class's conversations, and where the next one begins (None: no more).

    The unanswered first, then the newest; what is done comes last. `child` is part of a child's name. What a
    parent has waiting changes neither order nor count nor words, and opens nothing (I3).
    """
    talks = _of_state(_sorted(actor), actor, state)
    for word in child.split():
        named = Q(pupil__preferred_forename__icontains=word) | Q(pupil__legal_surname__icontains=word)
        talks = talks.filter(named)
    talks = _after(talks, after) if after else talks
    shown = ("pupil__preferred_forename", "parent__name", "parent__kind")
    talks = talks.select_related("pupil", "parent").only(*shown)
    found = list(talks.order_by("done", "key")[: ROWS + 1])
    page = found[:ROWS]
    messages = Message.objects.select_related("staff").in_bulk([-talk.key[2] for talk in page])
    rows = [
        ClassRow(
            talk,
            last=show(messages[-talk.key[2]], actor, now),
            unread=_is_unread(messages[-talk.key[2]]),
            done=talk.done,
        )
        for talk in page
    ]
    more = Place(page[-1].done, tuple(page[-1].key)) if len(found) > ROWS else None
    return rows, more


def _is_unread(message: Message) -> bool:
    return not message.from_class and message.read_at is None
