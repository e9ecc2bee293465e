"""Read a parent’s list of conversations (PA-6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db import connection

from accounts.actor import Actor
from classes.models.pupils import Pupil
from classes.queries import children_of
from malpas.lib.db.columns import Columns, set_related
from messaging.conversations.queries.messages import MessageView, present
from messaging.models.conversations import SEEN_BY_PARENT, Conversation, Message

MESSAGE = Columns(Message, "m")
CONVERSATION = Columns(Conversation, "c", start=MESSAGE.end)
# The newest message that a parent may see in each conversation, and how many of the class's are unread.
NEWEST = f"""
    SELECT {MESSAGE.sql}, {CONVERSATION.sql}, (
        SELECT count(*) FROM messaging_message m
        WHERE m.conversation_id = c.id AND m.from_class AND m.read_at IS NULL AND {SEEN_BY_PARENT}
    )
    FROM messaging_conversation c
    CROSS JOIN LATERAL (
        SELECT m.* FROM messaging_message m
        WHERE m.conversation_id = c.id AND {SEEN_BY_PARENT}
        ORDER BY m.release_at DESC, m.id DESC LIMIT 1
    ) m
    WHERE c.parent_id = %s AND has_access(c.pupil_id, c.parent_id, false)
"""

MOST_UNREAD = 100  # no page counts further
UNREAD = f"""
    SELECT count(*) FROM (
        SELECT 1 FROM messaging_conversation c JOIN messaging_message m ON m.conversation_id = c.id
        WHERE c.parent_id = u.id AND m.from_class AND m.read_at IS NULL AND {SEEN_BY_PARENT}
        AND has_access(c.pupil_id, c.parent_id, false)
        LIMIT {MOST_UNREAD}
    ) found
"""  # of the account `u`: read with it in every request


@dataclass(frozen=True)
class Row:
    """Hold one line of a list.

    `conversation` None: nothing is visible in it yet.
    """

    pupil: Pupil
    conversation: Conversation | None = None
    last: MessageView | None = None
    unread: int = 0


def parent_rows(actor: Actor, *, now: datetime) -> list[Row]:
    """List a parent's children with their conversations, if any (PA-6).

    Two queries.
    """
    last = {message.conversation.pupil_id: message for message in newest_of_parent(actor)}
    return [_row(pupil, last.get(pupil.pk), actor, now) for pupil in children_of(actor)]


def newest_of_parent(actor: Actor) -> list[Message]:
    """Return the newest message of each conversation.

    `unread`: how many of the class's are unread.
    """
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, [actor.user.pk])
        rows = cursor.fetchall()
    messages = [cast(Message, MESSAGE.read(row)) for row in rows]
    for message, row in zip(messages, rows, strict=True):
        set_related(message, "conversation", CONVERSATION.read(row))
        message.unread = row[CONVERSATION.end]
    return messages


def _row(pupil: Pupil, last: Message | None, actor: Actor, now: datetime) -> Row:
    if last is None:
        return Row(pupil)
    return Row(pupil, last.conversation, present(last, actor, now), last.unread)
