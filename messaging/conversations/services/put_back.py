"""Put back a message that its writer has withdrawn (TE-4, PA-6)."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from malpas.lib.errors import RuleViolation
from malpas.lib.hours import SchoolHours
from messaging.attachments.attach import copy_along
from messaging.conversations.queries.meetings import agreed_in
from messaging.conversations.queries.taken_back import key_to_put_back, since
from messaging.conversations.rules import may_change, time_problem
from messaging.conversations.services.send import ProposalFacts, send_message
from messaging.enums import ANSWERS, ProposalKind, WithdrawnBecause
from messaging.locks import lock_writer, locked_hours
from messaging.models.broadcasts import BroadcastMessage
from messaging.models.conversations import Message
from messaging.models.proposals import Proposal


class TooLongAgo(RuleViolation):
    sentence = _("You withdrew this more than a day ago. Your words are in the field: send them from there.")


class NotAsItWas(RuleViolation):
    """Refuse what would end or replace another agreed time than its writer meant."""

    sentence = _("This cannot be put back as it was. Please cancel or move the meeting again.")


class NoLongerFits(RuleViolation):
    sentence = _("The times in it no longer fit. Please choose new ones.")


@transaction.atomic
def put_back(message: Message, *, by: Actor, at: datetime) -> Message:
    """Send a withdrawn message again, once, by the rules of now.

    It arrives in school time, with its files and its proposal; times that no longer fit are dropped. A
    repeated request returns what the first has sent. Raises TooLongAgo, NoLongerFits, NotAsItWas, and what
    `send_message` raises: TakenBack when it was withdrawn once more.
    """
    part = BroadcastMessage.objects.filter(message=message).exists()
    if not may_change(message, by) or message.withdrawn_because != WithdrawnBecause.WRITER or part:
        raise PermissionDenied
    if message.hidden_at:
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
    over = proposal.chosen is not None and proposal.chosen <= hours.release(at)
    if over or (proposal.times and not times):
        raise NoLongerFits
    if proposal.kind == ProposalKind.CANCELLED or _another_time_stands(message, proposal, at):
        raise NotAsItWas
    return ProposalFacts(
        proposal.kind,
        times=times,
        how=proposal.how,
        spoken=proposal.spoken,
        answers=_answered_again(message, proposal, at) if proposal.kind in ANSWERS else None,
        chosen=proposal.chosen,
    )


def _another_time_stands(message: Message, proposal: Proposal, at: datetime) -> bool:
    """Return whether the writer sees an agreed time that this would stand beside."""
    seen = Q(message__release_at__lte=at) | Q(message__author=message.author_id)
    agreed = agreed_in(message.conversation_id).filter(seen, chosen__gt=at)
    return proposal.kind not in ANSWERS and agreed.exists()


def _answered_again(message: Message, proposal: Proposal, at: datetime) -> int:
    """Return what it answers: withdrawing it had cleared that. Raises NoLongerFits."""
    theirs = Proposal.objects.filter(
        message__conversation=message.conversation_id,
        message__from_class=not message.from_class,
        message__withdrawn_at__isnull=True,
        message__hidden_at__isnull=True,
        message__release_at__lte=at,  # nobody answers what has not arrived
        answered_by__isnull=True,
    )
    wanted = {"times__contains": [proposal.chosen]} if proposal.chosen else {"times__len__gte": 1}
    found = (
        theirs.filter(**wanted).order_by("-message__release_at", "-pk").values_list("pk", flat=True).first()
    )
    if found is None:
        raise NoLongerFits
    return found
