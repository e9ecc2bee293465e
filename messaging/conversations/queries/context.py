"""Read the messages around a reported one (TE-7)."""

from __future__ import annotations

from django.db.models import Q

from messaging.models.conversations import Message

AROUND = 10


def _plain(message: Message, reported: Message) -> dict[str, object]:
    files = [{"name": one.name, "title": one.title, "kind": one.kind} for one in message.files.all()]
    return {
        "id": message.pk,
        "author": message.author.name,
        "staff": message.staff.signature if message.staff else "",
        "body": message.body,
        "sent_at": message.sent_at.isoformat(),
        "reported": message.pk == reported.pk,
        "files": files,
    }


def context_of(message: Message) -> list[dict[str, object]]:
    """Return a message and its arrived neighbours (TE-7).

    Up to ten before and after it. Plain data, oldest first, with the keys id, author (name), staff
    (signature or ''), body, sent_at (ISO 8601), reported (the message itself), files (name, title and kind
    of each).
    """
    others = (
        Message.objects.arrived_by_rights()
        .filter(conversation=message.conversation_id)
        .exclude(pk=message.pk)
    )
    others = others.select_related("author", "staff").prefetch_related("files")
    same, at = Q(release_at=message.release_at), message.release_at
    before = others.filter(Q(release_at__lt=at) | same & Q(pk__lt=message.pk)).order_by("-release_at", "-pk")
    after = others.filter(Q(release_at__gt=at) | same & Q(pk__gt=message.pk)).order_by("release_at", "pk")
    rows = [*reversed(before[:AROUND]), message, *after[:AROUND]]
    return [_plain(row, message) for row in rows]
