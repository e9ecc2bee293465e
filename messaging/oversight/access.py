"""Open a conversation to a senior leader (TE-7).

With a reason, on record.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.actor import Actor
from accounts.audit import record
from messaging.conversations.rules import may_oversee
from messaging.models.conversations import Conversation
from messaging.models.oversight import OversightAccess
from messaging.oversight.suspension import reason_of


@transaction.atomic
def open_oversight_access(
    conversation: Conversation, *, by: Actor, at: datetime, reason: str
) -> OversightAccess:
    """Let this leader read `conversation` for an hour. Raises ReasonNeeded."""
    if not may_oversee(by) or by.staff is None:
        raise PermissionDenied
    oversight_access = OversightAccess.objects.create(
        conversation=conversation, by=by.staff, reason=reason_of(reason), at=at
    )
    record("conversation.overseen", by=by, about=conversation, oversight_access=oversight_access.pk)
    return oversight_access
