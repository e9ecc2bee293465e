"""What departed staff had waiting at a class, for those who are still there (F36)."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db.models import DateTimeField, Q, QuerySet
from django.http import Http404

from accounts.actor import Actor, whoever
from accounts.enums import UserKind
from malpas.lib.db.prepared import Prepared, Slot
from messaging.attachments.queries import with_files
from messaging.enums import WithdrawnBecause
from messaging.models.conversations import Message, MessageQuerySet

SHOWN = timedelta(days=14)


def _held_back(actor: Actor, since: datetime | Slot) -> MessageQuerySet:
    held = Message.objects.filter(
        author=actor.user,
        withdrawn_because=WithdrawnBecause.WRITER_REMOVED,
        withdrawn_at__gt=since,
        conversation__pupil__classroom__account=actor.user,
    )
    gone = Q(staff__left_on__isnull=False) | ~Q(staff__classrooms__account=actor.user)
    return held.filter(gone)


def held_back(actor: Actor, at: datetime) -> MessageQuerySet:
    """Messages of this class that were held back when their writer left school or class, in the last fourteen days,
    newest first."""
    if not actor.is_class or actor.staff is None:
        return Message.objects.none()
    held = _held_back(actor, at - SHOWN).select_related(
        "staff", "conversation__pupil", "conversation__parent"
    )
    return held.order_by("-withdrawn_at", "-pk")


def _any_held_back() -> QuerySet[Message, tuple[int]]:
    held = _held_back(whoever(UserKind.CLASS), Slot("since", DateTimeField()))
    return held.values_list("pk")[:1]


ANY_HELD_BACK = Prepared(_any_held_back)


def key_for_departed(message: Message) -> UUID:
    """The key under which a colleague sends it: the second press finds the first."""
    return uuid5(message.key, "sent for a leaver")


def still_held_back(actor: Actor, at: datetime) -> list[Message]:
    """Of what was held back, what nobody has sent yet; at most a hundred. Two queries."""
    held = list(with_files(held_back(actor, at))[:100])
    keys = [key_for_departed(message) for message in held]
    sent = set(Message.objects.filter(author=actor.user, key__in=keys).values_list("key", flat=True))
    return [message for message, key in zip(held, keys, strict=True) if key not in sent]


def is_any_held_back(actor: Actor, at: datetime) -> bool:
    """Whether `still_held_back` has anything. One query, as long as nobody has left."""
    if not actor.is_class or not ANY_HELD_BACK(account=actor.user.pk, since=at - SHOWN):
        return False
    return bool(still_held_back(actor, at))


def get_held_back_for(actor: Actor, pk: int, at: datetime) -> Message:
    found = held_back(actor, at).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
