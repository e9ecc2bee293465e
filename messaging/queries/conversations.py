"""The doors to conversations and messages: what somebody may see, or 404."""

from django.shortcuts import get_object_or_404

from accounts.actor import Actor
from messaging.models import Conversation, Message

AROUND = 10


def get_message_for(actor: Actor, pk: int) -> Message:
    """The message among those this actor may see in a conversation of theirs, or 404 (I3, PA-6)."""
    seen = Message.objects.visible_to(actor).filter(conversation__in=Conversation.objects.visible_to(actor))
    return get_object_or_404(
        seen.select_related("author", "staff", "conversation__pupil__classroom", "conversation__parent"),
        pk=pk,
    )


def _plain(message: Message, reported: Message) -> dict[str, object]:
    return {
        "id": message.pk,
        "author": message.author.name,
        "staff": message.staff.signature if message.staff else "",
        "body": message.body,
        "sent_at": message.sent_at.isoformat(),
        "reported": message.pk == reported.pk,
    }


def surroundings(message: Message) -> list[dict[str, object]]:
    """The message and up to ten arrived ones before and after it, oldest first, as plain data (TE-7).

    Keys: id, author (name), staff (signature, or empty), body, sent_at (ISO 8601), reported (the one itself).
    """
    talk = Message.objects.arrived().filter(conversation=message.conversation_id).exclude(pk=message.pk)
    talk = talk.select_related("author", "staff")
    before = talk.filter(release_at__lte=message.release_at, pk__lt=message.pk).order_by("-release_at", "-pk")
    after = talk.filter(release_at__gte=message.release_at, pk__gt=message.pk).order_by("release_at", "pk")
    rows = [*reversed(before[:AROUND]), message, *after[:AROUND]]
    return [_plain(row, message) for row in rows]
