"""List a class's conversations, unanswered first (I3).

In pages, by state and by search.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    DateTimeField,
    Exists,
    Expression,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from accounts.actor import Actor
from messaging.conversations.queries.messages import MessageView, newest_of, present
from messaging.enums import ConversationState
from messaging.models.conversations import Conversation, Message

ROWS = 20
LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)
ROW_FIELDS = (
    "body",
    "from_class",
    "rerouted_at",
    "read_at",
    "release_at",
    "conversation__parent__name",
    "conversation__pupil__preferred_forename",
    "staff__title",
    "staff__forename",
    "staff__surname",
)
Numbers = ArrayField(BigIntegerField())


@dataclass(frozen=True)
class PageCursor:
    """Mark where a page of the list ends.

    `key`: [answered, -arrival in microseconds, -id] of its last message.
    """

    done: bool
    key: tuple[int, int, int]

    def __str__(self) -> str:
        return ".".join(str(number) for number in (int(self.done), *self.key))


@dataclass(frozen=True)
class ClassRow:
    """Hold one line; `last`: the newest message that the class may see."""

    conversation: Conversation
    last: MessageView
    unread: bool
    done: bool


def _last_reply() -> Coalesce:
    """Return when the class last wrote to this family.

    Long ago where it never did. A broadcast answers nobody. For a subquery two levels further in.
    """
    own = Message.objects.filter(conversation=OuterRef(OuterRef("conversation")), from_class=True)
    own = own.filter(in_broadcast__isnull=True, withdrawn_at__isnull=True, hidden_at__isnull=True)
    return Coalesce(
        Subquery(own.order_by("-sent_at").values("sent_at")[:1]), Value(LONG_AGO, DateTimeField())
    )


def _last_ones(actor: Actor) -> QuerySet[Any]:
    """Return the newest visible message of each conversation of the class.

    Annotated with `rank` (the key of its PageCursor), `unread`, and `done`: nothing of the family has
    arrived since the class marked it so, and nothing is unread. Conversations that show the class nothing
    yet are not among them.
    """
    seen = Message.objects.visible_to(actor).filter(conversation=OuterRef("conversation"))
    theirs = seen.filter(from_class=False)
    newer = theirs.filter(Q(release_at__gt=OuterRef("conversation__done_at")) | Q(read_at__isnull=True))
    done = Case(
        When(conversation__done_at__isnull=True, then=Value(False)),
        When(Exists(newer), then=Value(False)),
        default=Value(True),
        output_field=BooleanField(),
    )
    # What the class wrote before a family's message had reached it does not answer it. Mostly the newest message
    # decides without a subquery: the family's, or a reply written in working hours, and so after all of theirs.
    unanswered = Exists(theirs.filter(release_at__gt=_last_reply()))
    answered = Case(
        When(from_class=False, then=Value(0)),
        When(release_at=F("sent_at"), in_broadcast__isnull=True, then=Value(1)),
        When(unanswered, then=Value(0)),
        default=Value(1),
        output_field=BigIntegerField(),
    )
    newest = newest_of(Conversation.objects.of_class(actor), actor)
    return newest.annotate(  # type: ignore[no-redef]  # declared at the model
        answered=answered, rank=_rank(), unread=Exists(theirs.filter(read_at__isnull=True)), done=done
    )


def _rank() -> Func:
    return Func(
        F("answered"),
        Func(
            F("release_at"),
            template="(-1000000 * EXTRACT(EPOCH FROM %(expressions)s))::bigint",
            output_field=BigIntegerField(),
        ),
        -F("pk"),
        template="ARRAY[%(expressions)s]",
        output_field=Numbers,
    )


def _of_state(last: QuerySet[Any], state: str) -> QuerySet[Any]:
    if state == ConversationState.DONE:
        return last.filter(done=True)
    if state == ConversationState.UNANSWERED:
        return last.filter(done=False, answered=0)
    if state == ConversationState.WAITING:
        waiting = Message.objects.waiting().filter(conversation=OuterRef("conversation"), from_class=True)
        return last.filter(Exists(waiting))
    return last


def _after(last: QuerySet[Any], *, done: bool, key: Expression) -> QuerySet[Any]:
    further = Q(rank__gt=Cast(key, Numbers))
    return last.filter(further, done=True) if done else last.filter(Q(done=True) | further)


def _found(last: QuerySet[Any], actor: Actor, find: str) -> QuerySet[Any]:
    """Filter by all these names, or by words of visible messages."""
    named = Q()
    for word in find.split():
        child = Q(conversation__pupil__preferred_forename__icontains=word)
        child |= Q(conversation__pupil__legal_surname__icontains=word)
        named &= child | Q(conversation__parent__name__icontains=word)
    seen = Message.objects.visible_to(actor).filter(conversation=OuterRef("conversation"))
    return last.filter(named | Q(Exists(seen.filter(body__icontains=find))))


def _page(
    actor: Actor, state: str, *, find: str = "", after_done: bool | None = None, key: Expression
) -> QuerySet[Any]:
    """Return one page and the first row of the next.

    `after_done` and `key`: of the PageCursor that it begins after, if any.
    """
    last = _of_state(_last_ones(actor), state)
    last = _found(last, actor, find) if find else last
    last = last if after_done is None else _after(last, done=after_done, key=key)
    last = last.select_related("conversation__pupil", "conversation__parent", "staff").only(*ROW_FIELDS)
    return last.order_by("done", "rank")[: ROWS + 1]


def class_rows(
    actor: Actor, *, now: datetime, state: str = "", find: str = "", after: PageCursor | None = None
) -> tuple[list[ClassRow], PageCursor | None]:
    """Return a page of conversations and its cursor (None: no more). One query.

    Unanswered first, then the newest; done ones last. `find`: part of a child's or a parent's name, or
    words of a message. A parent's pending message changes neither order nor count nor text, and opens
    nothing (I3).
    """
    after_done, key = (after.done, list(after.key)) if after else (None, [])
    cursor = Value(key, output_field=Numbers)
    found = list(_page(actor, state, find=find, after_done=after_done, key=cursor))
    rows = [ClassRow(one.conversation, present(one, actor, now), one.unread, one.done) for one in found]
    more = PageCursor(rows[ROWS - 1].done, tuple(found[ROWS - 1].rank)) if len(found) > ROWS else None
    return rows[:ROWS], more
