"""Hide a message, and withdraw pending ones when somebody's access ends."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.actor import Actor
from accounts.audit import record
from accounts.calendar.services import lock_school_for_share
from accounts.models.notifications import Delivery
from accounts.models.people import User
from classes.enums import Restriction
from classes.hooks import ConversationEnds
from classes.models.guardianships import Guardianship
from messaging.enums import WithdrawnBecause
from messaging.models.conversations import Conversation, Message


@transaction.atomic
def hide_message(message: Message, *, by: Actor, at: datetime) -> bool:
    """Hide a message from everybody and cancel its unsent e-mails (AU-12).

    The row stays on record. Returns False when it was hidden before.
    """
    visible = Message.objects.filter(pk=message.pk, hidden_at__isnull=True)
    if not visible.update(hidden_at=at, hidden_by=by.staff):
        return False
    Delivery.objects.filter(notification__key=f"message:{message.pk}").cancel()
    record("message.hidden", by=by, about=message)
    return True


@transaction.atomic
def withdraw_waiting_of(user: User, *, because: str = WithdrawnBecause.WRITER_REMOVED, at: datetime) -> int:
    """Withdraw what `user` wrote, or would read, and that is pending (PA-9).

    `because`: the reason for what they wrote. What has arrived by the database's clock, or was announced,
    stays. Call it in the transaction that removes their access. Returns how many.
    """
    lock_school_for_share()
    waiting = Message.objects.filter(Q(author=user) | Q(conversation__parent=user)).locked_pending()
    left = waiting.filter(author=user).update(withdrawn_at=at, withdrawn_because=because)
    meant = waiting.filter(conversation__parent=user).update(
        withdrawn_at=at, withdrawn_because=WithdrawnBecause.READER_REMOVED
    )
    return left + meant


def count_conversations(guardianship: Guardianship) -> ConversationEnds:
    """Count this adult's conversation about a child, and what waits there."""
    found = Conversation.objects.filter(pupil=guardianship.pupil_id, parent=guardianship.contact.user_id)
    waiting = Message.objects.filter(conversation__in=found).pending()
    return ConversationEnds(found.count(), waiting.count())


def close_conversation(guardianship: Guardianship, at: datetime) -> int:
    """Withdraw pending messages of a restricted or ended guardianship (I6).

    Paused: what the adult wrote; what the class wrote before still arrives. No access, or ended: also what
    was meant for the adult. Returns how many.
    """
    user = guardianship.contact.user_id
    lock_school_for_share()
    waiting = Message.objects.filter(
        conversation__pupil=guardianship.pupil_id, conversation__parent=user
    ).locked_pending()
    left = waiting.filter(author=user).update(
        withdrawn_at=at, withdrawn_because=WithdrawnBecause.WRITER_REMOVED
    )
    if guardianship.ended_at is None and guardianship.restriction != Restriction.NO_ACCESS:
        return left
    return left + waiting.update(withdrawn_at=at, withdrawn_because=WithdrawnBecause.READER_REMOVED)
