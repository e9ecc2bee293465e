"""Read a parent’s list of conversations (PA-6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.actor import Actor
from classes.models.pupils import Pupil
from classes.queries import children_of
from messaging.conversations.queries.messages import MessageView, newest_of, present
from messaging.models.conversations import Conversation, Message


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
    """A parent's children, each with their conversation with its class, if there is one (PA-6). Two queries."""
    last = {message.conversation.pupil_id: message for message in _newest_of_parent(actor)}
    return [_row(pupil, last.get(pupil.pk), actor, now) for pupil in children_of(actor)]


def _newest_of_parent(actor: Actor) -> QuerySet[Message]:
    """Return the newest message of each conversation, with `unread`: how many of the class's are."""
    theirs = Message.objects.visible_to(actor).filter(
        conversation=OuterRef("conversation"), from_class=True, read_at__isnull=True
    )
    unread = theirs.values("conversation").annotate(n=Count("pk")).values("n")
    newest = newest_of(Conversation.objects.visible_to(actor), actor).select_related("conversation")
    return newest.annotate(unread=Coalesce(Subquery(unread, output_field=IntegerField()), 0))  # type: ignore[no-redef]  # declared at the model


def _row(pupil: Pupil, last: Message | None, actor: Actor, now: datetime) -> Row:
    if last is None:
        return Row(pupil)
    return Row(pupil, last.conversation, present(last, actor, now), last.unread)
