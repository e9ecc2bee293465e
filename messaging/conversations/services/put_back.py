"""Put back a message that its writer has withdrawn (TE-4, PA-6)."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from malpas.lib.errors import RuleViolation
from malpas.lib.hours import SchoolHours
from messaging.attachments.attach import copy_along
from messaging.conversations.queries.meetings import agreed_meeting
from messaging.conversations.queries.taken_back import key_to_put_back, since
from messaging.conversations.rules import may_change, time_problem
from messaging.conversations.services.send import ProposalFacts, send_message
from messaging.enums import ANSWERS, ProposalKind, WithdrawnBecause
from messaging.locks import lock_writer, locked_hours
from messaging.models.conversations import Message
from messaging.models.proposals import Proposal


class TooLongAgo(RuleViolation):
    sentence = _("You withdrew this more than a day ago. Your words are in the field: send them from there.")


class NoLongerFits(RuleViolation):
    sentence = _("The times in it no longer fit. Please choose new ones.")


@transaction.atomic
def put_back(message: Message, *, by: Actor, at: datetime) -> Message:
    """Send a withdrawn message again, once, by the rules of now.

    It arrives in school time, with its files and its proposal; times that no longer fit are dropped. A
    repeated request returns what the first has sent. Raises TooLongAgo, NoLongerFits, and what
    `send_message` raises: TakenBack when it was withdrawn once more.
    """
    if not may_change(message, by) or message.withdrawn_because != WithdrawnBecause.WRITER:
        raise PermissionDenied
    lock_writer(by.user)
    key = key_to_put_back(message)
    again = Message.objects.filter(author=by.user, key=key).exists()
    if not again and (message.withdrawn_at is None or message.withdrawn_at <= since(at)):
        raise TooLongAgo
    proposal = None if again else _proposal_again(message, at, locked_hours())
    conversation = message.conversation
    sent = send_message(
        pupil=conversation.pupil,
        parent=conversation.parent,
        by=by,
        at=at,
        body=message.body,
        key=key,
        proposal=proposal,
    )
    if not again:
        copy_along(message, sent)
        record("message.put_back", by=by, about=sent)
    return sent


def _proposal_again(message: Message, at: datetime, hours: SchoolHours) -> ProposalFacts | None:
    """Return the proposal that goes again, if any. Raises NoLongerFits."""
    proposal = Proposal.objects.filter(message=message).first()
    if proposal is None:
        return None
    times = tuple(time for time in proposal.times if time_problem(time, now=at, hours=hours) is None)
    if proposal.times and not times:
        raise NoLongerFits
    return ProposalFacts(
        proposal.kind,
        times=times,
        how=proposal.how,
        spoken=proposal.spoken,
        answers=_linked_again(message, proposal, at, hours),
        chosen=proposal.chosen,
    )


def _linked_again(message: Message, proposal: Proposal, at: datetime, hours: SchoolHours) -> int | None:
    """Return what it answers or cancels: withdrawing it had cleared that. Raises NoLongerFits."""
    if proposal.kind == ProposalKind.CANCELLED:
        if (meeting := agreed_meeting(message.conversation_id)) is None:
            raise NoLongerFits
        return meeting
    return _answered_again(message, proposal, at, hours) if proposal.kind in ANSWERS else None


def _answered_again(message: Message, proposal: Proposal, at: datetime, hours: SchoolHours) -> int:
    theirs = Proposal.objects.filter(
        message__conversation=message.conversation_id,
        message__from_class=not message.from_class,
        message__withdrawn_at__isnull=True,
        answered_by__isnull=True,
    )
    if proposal.chosen:
        if proposal.chosen <= hours.release(at):
            raise NoLongerFits
        theirs = theirs.filter(times__contains=[proposal.chosen])
    else:
        theirs = theirs.filter(times__len__gte=1)
    found = theirs.order_by("-message__release_at", "-pk").values_list("pk", flat=True).first()
    if found is None:
        raise NoLongerFits
    return found
