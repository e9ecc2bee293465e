"""Find a broadcast, and read who got it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.actor import Actor
from accounts.models.people import User
from classes.models.guardianships import Guardianship
from classes.models.pupils import Pupil
from messaging.attachments.queries import with_files
from messaging.conversations.queries.messages import MessageView, present
from messaging.enums import SkipReason
from messaging.models.broadcasts import Broadcast
from messaging.models.conversations import Message

LATELY = timedelta(days=30)
LAST = 5


def children_with_adults(actor: Actor) -> QuerySet[Pupil]:
    """Return the class's children by name, each with its joined adults.

    `live`: their guardianships. Two queries.
    """
    guardianships = Guardianship.objects.live().select_related("contact__user").order_by("priority", "pk")
    with_guardianships = Prefetch("guardianships", queryset=guardianships, to_attr="live")
    return Pupil.objects.visible_to(actor).by_name().prefetch_related(with_guardianships)  # type: ignore[no-redef]  # declared at the model


def broadcasts(actor: Actor) -> QuerySet[Broadcast]:
    if not actor.is_class:
        return Broadcast.objects.none()
    return Broadcast.objects.filter(author=actor.user).select_related("staff")


def sent_lately(actor: Actor, at: datetime) -> QuerySet[Broadcast]:
    return broadcasts(actor).filter(sent_at__gt=at - LATELY).order_by("-sent_at", "-pk")[:LAST]


def get_broadcast_for(actor: Actor, pk: int) -> Broadcast:
    """Return a broadcast of this class, or 404."""
    return get_object_or_404(broadcasts(actor), pk=pk)


@dataclass(frozen=True)
class Part:
    """Hold one family's message as the class sees it."""

    message_view: MessageView
    withdrawn: bool


@dataclass(frozen=True)
class NotSent:
    """Hold a skipped adult.

    `parent` None: no adult of the child has joined.
    """

    pupil: Pupil
    parent: User | None
    why: SkipReason


@dataclass(frozen=True)
class Outcome:
    """Hold what became of a broadcast."""

    body: str
    parts: list[Part]
    not_sent: list[NotSent]

    @property
    def files(self) -> list[dict]:
        return self.parts[0].message_view.message.attachments if self.parts else []

    @property
    def families(self) -> int:
        return len({part.message_view.message.conversation.pupil_id for part in self.parts})

    @property
    def waiting(self) -> int:
        return sum(part.message_view.waiting and not part.withdrawn for part in self.parts)


def outcome(broadcast: Broadcast, actor: Actor, now: datetime) -> Outcome:
    """Return who got a broadcast and who did not.

    By the child's name. Children who have left the class are left out.
    """
    here = {pupil.pk: pupil for pupil in Pupil.objects.visible_to(actor).by_name()}
    order = {pk: rank for rank, pk in enumerate(here)}
    mine = Message.objects.filter(in_broadcast__broadcast=broadcast, conversation__pupil__in=here)
    rows = with_files(mine.filter(hidden_at__isnull=True))
    rows = rows.select_related("conversation__pupil", "conversation__parent")
    parts = [Part(present(row, actor, now), row.withdrawn_at is not None) for row in rows.order_by("pk")]
    parts.sort(key=lambda part: order[part.message_view.message.conversation.pupil_id])
    parents = User.objects.in_bulk([one["parent"] for one in broadcast.skipped if one["parent"]])
    not_sent = [
        NotSent(here[one["pupil"]], parents.get(one["parent"]), SkipReason(one["why"]))
        for one in broadcast.skipped
        if one["pupil"] in here
    ]
    not_sent.sort(key=lambda one: (one.why, order[one.pupil.pk]))
    return Outcome(parts[0].message_view.message.body if parts else "", parts, not_sent)


def get_sent_body(actor: Actor, pk: int) -> tuple[str, list[int]]:
    """Return the text and children of an earlier broadcast, or 404."""
    broadcast = get_broadcast_for(actor, pk)
    rows = Message.objects.filter(in_broadcast__broadcast=broadcast).order_by("pk")
    found = list(rows.values_list("body", "conversation__pupil"))
    if not found:
        raise Http404
    return found[0][0], sorted({pupil for _body, pupil in found})
