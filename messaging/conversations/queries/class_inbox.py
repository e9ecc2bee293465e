"""List a class's conversations, unanswered first (I3).

In pages, by state and by search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db import connection
from django.db.models import Exists, Q, TextField, Value

from accounts.actor import Actor
from accounts.models.people import StaffMember, User
from classes.models.pupils import PUPIL_HERE, Pupil
from malpas.lib.db.columns import Columns, set_related
from malpas.lib.db.plain import Plain, having_words, words_of
from messaging.conversations.queries.messages import MessageView, present
from messaging.enums import ConversationState
from messaging.models.conversations import SEEN_BY_CLASS, Conversation, Message

ROWS = 20
MESSAGE = Columns(
    Message,
    "m",
    only=(
        "id",
        "conversation",
        "staff",
        "from_class",
        "body",
        "release_at",
        "read_at",
        "rerouted_at",
        "withdrawn_at",
    ),
)
CONVERSATION = Columns(Conversation, "c", only=("id", "pupil", "parent"), start=MESSAGE.end)
PUPIL = Columns(Pupil, "p", only=("id", "preferred_forename"), start=CONVERSATION.end)
PARENT = Columns(User, "u", only=("id", "name"), start=PUPIL.end)
STAFF = Columns(StaffMember, "s", only=("id", "title", "forename", "surname"), start=PARENT.end)

# `last`: the newest message that the class may see in each of its conversations; those that show it nothing yet are
# not among them. `unread`, `newer`: something of the family's is; `newer` than the class's mark that all is done.
# `answered`: 0 or 1. What the class wrote before a family's message had reached it does not answer it, and a broadcast
# answers nobody. Mostly the newest message decides without a look at others: the family's, or a reply written in
# working hours, and so after all of theirs.
INBOX = f"""
    WITH last AS (
        SELECT c.*, m.id AS message_id, m.from_class, m.sent_at, m.release_at
        FROM classes_classroom r
        JOIN classes_pupil p ON p.classroom_id = r.id
        JOIN messaging_conversation c ON c.pupil_id = p.id
        CROSS JOIN LATERAL (
            SELECT m.* FROM messaging_message m
            WHERE m.conversation_id = c.id AND {SEEN_BY_CLASS}
            ORDER BY m.release_at DESC, m.id DESC LIMIT 1
        ) m
        WHERE r.account_id = %(account)s
            AND {PUPIL_HERE}
    ), facts AS MATERIALIZED (
        SELECT c.*,
            EXISTS (SELECT 1 FROM messaging_message m WHERE m.conversation_id = c.id AND NOT m.from_class
                AND m.read_at IS NULL AND {SEEN_BY_CLASS}) AS unread,
            EXISTS (SELECT 1 FROM messaging_message m WHERE m.conversation_id = c.id AND NOT m.from_class
                AND m.release_at > c.done_at AND {SEEN_BY_CLASS}) AS newer,
            CASE
                WHEN NOT c.from_class THEN 0
                WHEN c.release_at = c.sent_at AND NOT EXISTS (
                    SELECT 1 FROM messaging_broadcastmessage b WHERE b.message_id = c.message_id
                ) THEN 1
                WHEN EXISTS (SELECT 1 FROM messaging_message m WHERE m.conversation_id = c.id AND NOT m.from_class
                    AND {SEEN_BY_CLASS} AND m.release_at > COALESCE((
                        SELECT max(own.sent_at) FROM messaging_message own
                        LEFT JOIN messaging_broadcastmessage b ON b.message_id = own.id
                        WHERE own.conversation_id = c.id AND own.from_class AND b.message_id IS NULL
                            AND own.withdrawn_at IS NULL AND own.hidden_at IS NULL
                    ), '-infinity')
                ) THEN 0
                ELSE 1
            END AS answered,
            (-1000000 * EXTRACT(EPOCH FROM c.release_at))::bigint AS arrival
        FROM last c
    ), marked AS (
        SELECT *, done_at IS NOT NULL AND NOT newer AND NOT unread AS done FROM facts
    )
    SELECT {MESSAGE.sql}, {CONVERSATION.sql}, {PUPIL.sql}, {PARENT.sql}, {STAFF.sql},
        marked.unread, marked.done,
        EXISTS (SELECT 1 FROM messaging_broadcastmessage b WHERE b.message_id = m.id),
        marked.answered, marked.arrival, -m.id
    FROM marked
    JOIN messaging_message m ON m.id = marked.message_id
    JOIN messaging_conversation c ON c.id = marked.id
    JOIN classes_pupil p ON p.id = c.pupil_id
    JOIN accounts_user u ON u.id = c.parent_id
    LEFT JOIN accounts_staffmember s ON s.id = m.staff_id
    WHERE {{filters}}
    ORDER BY marked.done, marked.answered, marked.arrival, -m.id
    LIMIT {ROWS + 1}
"""
OF_STATE = {
    "": "true",
    ConversationState.DONE: "marked.done",
    ConversationState.UNANSWERED: "NOT marked.done AND marked.answered = 0",
    ConversationState.WAITING: """EXISTS (SELECT 1 FROM messaging_message own WHERE own.conversation_id = c.id
        AND own.from_class AND own.release_at > school_now() AND own.withdrawn_at IS NULL)""",
}
AFTER = (
    "(marked.done, marked.answered, marked.arrival, -m.id) > (%(done)s, %(answered)s, %(arrival)s, %(id)s)"
)
AMONG = "c.id = ANY(%(among)s)"


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
    """Hold one line; `last`: the newest message that the class may see.

    `is_broadcast`: that one went to several families, so the line does not read 'Done'.
    """

    conversation: Conversation
    last: MessageView
    unread: bool
    done: bool
    is_broadcast: bool = False


def _found(actor: Actor, find: str) -> list[int]:
    """Return the ids of conversations with these names or words.

    All names must be there; words are looked for in visible messages.
    """
    of_class = Conversation.objects.of_class(actor)
    names = ("pupil__preferred_forename", "pupil__surname", "pupil__legal_surname", "parent__name")
    named = having_words(of_class, names, words_of(find)).values("pk")
    seen = Message.objects.visible_per_conversation(actor).annotate(searched=Plain("body"))
    written = Exists(seen.filter(searched__contains=Plain(Value(find, TextField()))))
    return list(of_class.filter(Q(pk__in=named) | written).values_list("pk", flat=True))


def _page(actor: Actor, state: str, find: str, after: PageCursor | None) -> list[Sequence[Any]]:
    """Return the rows of one page, and the first of the next."""
    filters, params = [OF_STATE[state]], dict[str, int | bool | list[int]](account=actor.user.pk)
    if find:
        filters.append(AMONG)
        params["among"] = _found(actor, find)
    if after:
        filters.append(AFTER)
        params |= {"done": after.done, **dict(zip(("answered", "arrival", "id"), after.key, strict=True))}
    with connection.cursor() as cursor:
        cursor.execute(INBOX.format(filters=" AND ".join(filters)), params)
        return cursor.fetchall()


def _row(row: Sequence[Any], actor: Actor, now: datetime) -> ClassRow:
    message = cast(Message, MESSAGE.read(row))
    conversation = cast(Conversation, CONVERSATION.read(row))
    set_related(message, "conversation", conversation)
    set_related(message, "staff", STAFF.read(row))
    set_related(conversation, "pupil", PUPIL.read(row))
    set_related(conversation, "parent", PARENT.read(row))
    unread, done, is_broadcast = row[STAFF.end : STAFF.end + 3]
    return ClassRow(conversation, present(message, actor, now), unread, done, is_broadcast)


def class_rows(
    actor: Actor, *, now: datetime, state: str = "", find: str = "", after: PageCursor | None = None
) -> tuple[list[ClassRow], PageCursor | None]:
    """Return a page of conversations and its cursor (None: no more).

    One query, two for a search.
    Unanswered first, then the newest; done ones last. `find`: part of a child's or a parent's name, or
    words of a message. A parent's pending message changes neither order nor count nor text, and opens
    nothing (I3).
    """
    found = _page(actor, state, find, after)
    more = None
    if len(found) > ROWS:
        _unread, done, _is_broadcast, *key = found[ROWS - 1][STAFF.end :]
        more = PageCursor(done, cast(tuple[int, int, int], tuple(key)))
    return [_row(row, actor, now) for row in found[:ROWS]], more
