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
    Value,
    When,
)
from django.db.models.functions import Cast

from accounts.actor import Actor
from messaging.enums import TalkState
from messaging.models import Conversation, Message
from messaging.queries.conversations import Shown, newest_of, show

ROWS = 20
SHOWN = (
    "body",
    "from_class",
    "read_at",
    "release_at",
    "conversation__parent__name",
    "conversation__pupil__preferred_forename",
)
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


def _last_ones(actor: Actor) -> QuerySet[Message]:
    """The newest message that the class may see of each of its conversations, with `rank` (the key of its Place) and `done`:
    nothing of the family's arrived since the class said so. What shows the class nothing yet is not among them.
    """
    seen = Message.objects.visible_to(actor).filter(conversation=OuterRef("conversation"))
    newer = seen.filter(from_class=False, release_at__gt=OuterRef("conversation__done_at"))
    done = Case(
        When(conversation__done_at__isnull=True, then=Value(False)),
        When(Exists(newer), then=Value(False)),
        default=Value(True),
        output_field=BooleanField(),
    )
    newest = newest_of(Conversation.objects.of_class(actor), actor)
    return newest.annotate(rank=_numbers(), done=done)


def _numbers() -> Func:
    return Func(
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


def _of_state(last: QuerySet[Message], actor: Actor, state: str) -> QuerySet[Message]:
    if state == TalkState.DONE:
        return last.filter(done=True)
    if state == TalkState.UNANSWERED:
        return last.filter(done=False, from_class=False)
    if state == TalkState.WAITING:
        waiting = Message.objects.waiting().filter(conversation=OuterRef("conversation"), from_class=True)
        return last.filter(Exists(waiting))
    return last


def _after(last: QuerySet[Message], place: Place) -> QuerySet[Message]:
    key = Cast(Value(list(place.key), output_field=Numbers), Numbers)
    if place.done:
        return last.filter(done=True, rank__gt=key)
    return last.filter(Q(done=True) | Q(rank__gt=key))


def class_rows(
    actor: Actor, *, now: datetime, state: str = "", child: str = "", after: Place | None = None
) -> tuple[list[ClassRow], Place | None]:
    """A page of the class's conversations, and where the next one begins (None: no more). One query.

    The unanswered first, then the newest; what is done comes last. `child` is part of a child's name. What a
    parent has waiting changes neither order nor count nor words, and opens nothing (I3).
    """
    last = _of_state(_last_ones(actor), actor, state)
    for word in child.split():
        named = Q(conversation__pupil__preferred_forename__icontains=word)
        last = last.filter(named | Q(conversation__pupil__legal_surname__icontains=word))
    last = _after(last, after) if after else last
    last = last.select_related("conversation__pupil", "conversation__parent").only(*SHOWN)
    found = list(last.order_by("done", "rank")[: ROWS + 1])
    rows = [ClassRow(one.conversation, show(one, actor, now), _is_unread(one), one.done) for one in found]
    more = Place(rows[ROWS - 1].done, tuple(found[ROWS - 1].rank)) if len(found) > ROWS else None
    return rows[:ROWS], more


def _is_unread(message: Message) -> bool:
    return not message.from_class and message.read_at is None
