"""What moderation does to messages: hide one, withdraw what a removed person left waiting."""

from datetime import datetime

from django.db import transaction

from accounts.actor import Actor
from accounts.models import Delivery, User
from accounts.services import record
from messaging.enums import WithdrawnBecause
from messaging.models import Message


@transaction.atomic
def hide_message(message: Message, *, by: Actor, at: datetime) -> bool:
    """Takes a message from everybody's eyes and stops its mail not yet sent; the row stays on record (AU-12).

    True when it was this call that hid it; pressing again changes nothing.
    """
    shown = Message.objects.filter(pk=message.pk, hidden_at__isnull=True)
    if not shown.update(hidden_at=at, hidden_by=by.staff):
        return False
    Delivery.objects.filter(notification__key=f"message:{message.pk}").cancel()
    record("message.hidden", by=by, about=message)
    return True


@transaction.atomic
def withdraw_waiting_of(user: User, *, because: str = WithdrawnBecause.WRITER_REMOVED, at: datetime) -> int:
    """Withdraws what `user` left waiting (`because`), and what waits for them as its reader; how many (PA-9).

    What has arrived by the database's clock, or was announced, stays. Call it in the transaction that removes.
    """
    waiting = Message.objects.still_waiting()
    left = waiting.filter(author=user).update(withdrawn_at=at, withdrawn_because=because)
    meant = waiting.filter(conversation__parent=user).update(
        withdrawn_at=at, withdrawn_because=WithdrawnBecause.READER_REMOVED
    )
    return left + meant
