"""Find the messages that departed staff left pending at a class (F36)."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db.models import Q
from django.http import Http404

from accounts.actor import Actor
from messaging.attachments.queries import with_files
from messaging.enums import WithdrawnBecause
from messaging.models.conversations import Message, MessageQuerySet

WITHHELD_FOR = timedelta(days=14)


def _withheld(actor: Actor, since: datetime) -> MessageQuerySet:
    withheld = Message.objects.filter(
        author=actor.user,
        withdrawn_because=WithdrawnBecause.WRITER_REMOVED,
        withdrawn_at__gt=since,
        conversation__pupil__classroom__account=actor.user,
    )
    gone = Q(staff__left_on__isnull=False) | ~Q(staff__classrooms__account=actor.user)
    return withheld.filter(gone)


def withheld(actor: Actor, at: datetime) -> MessageQuerySet:
    """Return this class's withheld messages of the last fourteen days, newest first.

    They were withheld when their writer left school or class.
    """
    if not actor.is_class or actor.staff is None:
        return Message.objects.none()
    withheld = _withheld(actor, at - WITHHELD_FOR).select_related(
        "staff", "conversation__pupil", "conversation__parent"
    )
    return withheld.order_by("-withdrawn_at", "-pk")


def key_for_departed(message: Message) -> UUID:
    """Return the key under which a colleague sends it, once."""
    return uuid5(message.key, "sent for departed staff")


def withheld_unsent(actor: Actor, at: datetime) -> list[Message]:
    """Return withheld messages that nobody has sent, at most a hundred.

    Two queries.
    """
    messages = list(with_files(withheld(actor, at))[:100])
    keys = [key_for_departed(message) for message in messages]
    sent = set(Message.objects.filter(author=actor.user, key__in=keys).values_list("key", flat=True))
    return [message for message, key in zip(messages, keys, strict=True) if key not in sent]


def has_withheld(actor: Actor, at: datetime) -> bool:
    """Tell whether `withheld_unsent` has any. One query while nobody has left."""
    if not actor.is_class or not _withheld(actor, at - WITHHELD_FOR).exists():
        return False
    return bool(withheld_unsent(actor, at))


def get_withheld_for(actor: Actor, pk: int, at: datetime) -> Message:
    found = withheld(actor, at).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
