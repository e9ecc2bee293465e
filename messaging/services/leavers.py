"""What somebody who has left the school had waiting: held back, for a colleague to send in their own name (F36)."""

from datetime import datetime

from django.db import transaction

from accounts.actor import Actor
from accounts.models import StaffMember
from accounts.services import record
from malpas.lib.errors import RuleViolation
from messaging.enums import WithdrawnBecause
from messaging.models import Message
from messaging.queries.leavers import held_back, key_for_leaver
from messaging.services.enclosing import copy_along
from messaging.services.writing import send_message


@transaction.atomic
def hold_back(staff: StaffMember, at: datetime) -> int:
    """Withdraws the messages that this person signed and that have not arrived; how many (F36).

    Call it in the transaction in which they leave.
    """
    waiting = Message.objects.still_waiting().filter(staff=staff)
    return waiting.update(withdrawn_at=at, withdrawn_because=WithdrawnBecause.WRITER_REMOVED)


@transaction.atomic
def send_for_leaver(message: Message, *, by: Actor, at: datetime) -> Message:
    """Sends a leaver's words in the name of who is here, once; it arrives in school time (F36, TE-2).

    Raises RuleViolation when it is not held back any more, and what `send_message` raises.
    """
    if not held_back(by, at).filter(pk=message.pk).exists():
        raise RuleViolation
    talk = message.conversation
    key, words = key_for_leaver(message), message.body
    sent = send_message(pupil=talk.pupil, parent=talk.parent, by=by, at=at, body=words, key=key)
    if not sent.files.exists():  # a second press finds them there
        copy_along(message, sent)
    record("message.sent_for_leaver", by=by, about=sent, written_by=message.staff_id)
    return sent
