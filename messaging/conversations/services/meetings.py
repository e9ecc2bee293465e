"""Cancel an agreed meeting or call, or move it to another time (TE-8, PA-8).

Both sides may. It is a message, so the other side sees it in school time; a time before that is refused.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.actor import Actor
from accounts.models.people import User
from accounts.models.school import School
from malpas.lib.errors import RuleViolation
from messaging.conversations.queries.meetings import is_ended_for
from messaging.conversations.services.proposals import ask_for_meeting, offer_times
from messaging.conversations.services.send import ProposalFacts, send_message
from messaging.enums import AGREED, MeetingHow, ProposalKind
from messaging.locks import lock_writer, locked_hours
from messaging.models.conversations import Message
from messaging.models.proposals import Proposal


class MeetingIsOver(RuleViolation):
    sentence = gettext_lazy("This time has passed, so it stays as it is.")


class AlreadyEnded(RuleViolation):
    sentence = gettext_lazy("This was cancelled or moved already.")


class ReadTooLate(RuleViolation):
    """Refuse what the other side would read only after the agreed time."""

    sentence = gettext_lazy(
        "This would be read only after that time. Please telephone the office: %(phone)s."
    )

    def __init__(self, school: School) -> None:
        super().__init__(self.sentence % {"phone": school.office_phone})


class ReadTooLateByFamily(RuleViolation):
    sentence = gettext_lazy("The family would read this only after that time. Please telephone them.")


@transaction.atomic
def cancel_meeting(agreed: Message, *, by: Actor, at: datetime, key: UUID, body: str = "") -> Message:
    """Cancel an agreed meeting or call; the same `key` again returns the first message.

    Raises AlreadyEnded, MeetingIsOver, ReadTooLate, ReadTooLateByFamily, and what `send_message` raises.
    """
    proposal, first = _locked(agreed, by=by, at=at, key=key)
    if first is not None:
        return first
    conversation = agreed.conversation
    return send_message(
        pupil=conversation.pupil,
        parent=conversation.parent,
        by=by,
        at=at,
        body=body if body.strip() else _cancelled(proposal, conversation.parent),
        key=key,
        proposal=ProposalFacts(ProposalKind.CANCELLED, answers=proposal.pk),
    )


@transaction.atomic
def move_meeting(
    agreed: Message,
    *,
    by: Actor,
    at: datetime,
    key: UUID,
    times: Sequence[datetime],
    how: str,
    body: str = "",
    spoken: str = "",
    confirmed: Collection[str] | None = None,
) -> Message:
    """Ask for another time, or offer others; the agreed one ends with it.

    Raises as `cancel_meeting`, and NoTimes, TimeDoesNotFit.
    """
    proposal, first = _locked(agreed, by=by, at=at, key=key)
    if first is not None:
        return first
    conversation = agreed.conversation
    if by.is_class:
        return offer_times(
            conversation,
            by=by,
            at=at,
            key=key,
            times=times,
            how=how,
            body=body,
            confirmed=confirmed,
            moves=proposal,
        )
    return ask_for_meeting(
        pupil=conversation.pupil,
        parent=conversation.parent,
        by=by,
        at=at,
        key=key,
        times=times,
        how=how,
        spoken=spoken or conversation.parent.language,
        about=body,
        confirmed=confirmed,
        moves=proposal,
    )


def _locked(agreed: Message, *, by: Actor, at: datetime, key: UUID) -> tuple[Proposal, Message | None]:
    """Lock an agreed time that may end now, and find the first message of this key."""
    lock_writer(by.user)
    hours = locked_hours()
    proposal = Proposal.objects.select_for_update().filter(message=agreed, kind__in=AGREED).first()
    if proposal is None or by.is_pupil:
        raise PermissionDenied
    if first := Message.objects.filter(author=by.user, key=key, withdrawn_at__isnull=True).first():
        return proposal, first
    if is_ended_for(by, proposal):
        raise AlreadyEnded
    if proposal.chosen and proposal.chosen <= at:
        raise MeetingIsOver
    if proposal.chosen and proposal.chosen <= hours.release(at):
        raise ReadTooLateByFamily if by.is_class else ReadTooLate(School.objects.here())
    return proposal, None


def _cancelled(proposal: Proposal, parent: User) -> str:
    """Return the sentence of a cancellation, in the family's language."""
    with override(parent.language):
        if proposal.chosen is None:
            return _("The call is cancelled.")
        when = date_format(localtime(proposal.chosen), "l j F, H:i")
        if proposal.how == MeetingHow.TELEPHONE or proposal.kind == ProposalKind.TELEPHONE:
            return _("The call on %(when)s is cancelled.") % {"when": when}
        return _("The meeting on %(when)s is cancelled.") % {"when": when}
