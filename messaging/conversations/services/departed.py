"""Withhold what departed staff left pending; a colleague may send it (F36)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.calendar.services import lock_school_for_share
from accounts.models.people import StaffMember, User
from malpas.lib.errors import RuleViolation
from messaging.attachments.attach import copy_along
from messaging.conversations.queries.departed import key_for_departed, withheld
from messaging.conversations.queries.meetings import agreed_meeting
from messaging.conversations.services.send import ProposalFacts, send_message
from messaging.enums import ANSWERS, ProposalKind, WithdrawnBecause
from messaging.models.conversations import Message
from messaging.models.proposals import WITH_TIMES, Proposal


@transaction.atomic
def withhold_messages_of(staff: StaffMember, at: datetime, account: User | None = None) -> int:
    """Withdraw the pending messages that this person signed (F36).

    `account`: those of this class account only. Call it in the transaction in which they leave. Returns how
    many.
    """
    lock_school_for_share()
    signed = Message.objects.filter(staff=staff)
    signed = signed.filter(author=account) if account else signed
    return signed.locked_pending().update(withdrawn_at=at, withdrawn_because=WithdrawnBecause.WRITER_REMOVED)


class TimesAreOver(RuleViolation):
    sentence = _("The times in it are over. Please write to the family again.")


def _proposal_to_resend(message: Message, at: datetime) -> ProposalFacts | None:
    """Return the proposal of a message with its future times, if any.

    Raises TimesAreOver when all of them have passed.
    """
    proposal = Proposal.objects.filter(message=message).first()
    if proposal is None:
        return None
    times = tuple(time for time in proposal.times if time > at)
    if (proposal.times and not times) or (proposal.chosen and proposal.chosen <= at):
        raise TimesAreOver
    # A trigger clears what a withdrawn message answered, so the open proposal is looked up again.
    open_proposals = Proposal.objects.filter(
        message__conversation=message.conversation_id, answered_by__isnull=True
    )
    requests = open_proposals.filter(message__from_class=False, kind__in=WITH_TIMES).order_by(
        "-message__release_at"
    )
    answers = requests.values_list("pk", flat=True).first() if proposal.kind in ANSWERS else None
    if proposal.kind == ProposalKind.CANCELLED:
        answers = agreed_meeting(message.conversation_id)
    return ProposalFacts(
        proposal.kind,
        times=times,
        how=proposal.how,
        spoken=proposal.spoken,
        chosen=proposal.chosen,
        answers=answers,
    )


@transaction.atomic
def send_for_departed(message: Message, *, by: Actor, at: datetime) -> Message:
    """Send a withheld message once, in the name of `by` (F36, TE-2).

    It arrives in school time, with its files and its proposal; times that have passed are dropped. Raises
    RuleViolation when it is no longer withheld, TimesAreOver, and what `send_message` raises.
    """
    if not withheld(by, at).filter(pk=message.pk).exists():
        raise RuleViolation
    conversation = message.conversation
    key, body = key_for_departed(message), message.body
    proposal = _proposal_to_resend(message, at)
    sent = send_message(
        pupil=conversation.pupil,
        parent=conversation.parent,
        by=by,
        at=at,
        body=body,
        key=key,
        proposal=proposal,
    )
    if not sent.files.exists():  # a repeated request finds them there
        copy_along(message, sent)
    record("message.sent_for_departed", by=by, about=sent, written_by=message.staff_id)
    return sent
