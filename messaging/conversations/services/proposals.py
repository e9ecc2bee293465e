"""Arrange meetings and calls (TE-8, PA-8).

A parent asks, the class offers times or promises a call, one side chooses. Each step is a message, so each
waits for school time.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.actor import Actor
from accounts.models.people import User
from classes.models.pupils import Pupil
from malpas.lib.errors import RuleViolation
from malpas.lib.hours import SchoolHours
from malpas.lib.idempotency import replay
from messaging.body import require_body
from messaging.conversations.rules import TimeProblem, time_problem
from messaging.conversations.services.send import ProposalFacts, send_message
from messaging.enums import AGREED, OFFICE, MeetingHow, PhraseKind, ProposalKind
from messaging.locks import lock_writer, locked_hours
from messaging.models.conversations import Conversation, Message
from messaging.models.proposals import MAX_TIMES, WITH_TIMES, Proposal

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

TIME_SENTENCES = {
    TimeProblem.PAST: _("This time has passed. Choose a later one."),
    TimeProblem.UNREAD: _("School reads this only after that time. Choose a later one."),
    TimeProblem.TOO_FAR: _("This is more than 60 days away. Choose an earlier day."),
    TimeProblem.NO_SCHOOL: _("There is no school on this day. Choose a school day."),
    TimeProblem.OUT_OF_HOURS: _("Nobody is at school at this time. Choose a time nearer to lessons."),
}


class NoTimes(RuleViolation):
    sentence = _("Please give at least one time.")


class TimeDoesNotFit(RuleViolation):
    pass


class TimeIsOver(RuleViolation):
    sentence = _("This time has passed. Choose another, or say that none suits.")


class AlreadyAnswered(RuleViolation):
    sentence = _("These times were answered already.")


class HowNotChosen(RuleViolation):
    sentence = _("Say whether you meet at school or talk by telephone.")


def times_of(times: Iterable[datetime], *, at: datetime, hours: SchoolHours) -> tuple[datetime, ...]:
    """Return the times in order, without duplicates, at most five.

    Raises NoTimes, TimeDoesNotFit.
    """
    found = sorted(set(times))[:MAX_TIMES]
    if not found:
        raise NoTimes
    for time in found:
        if problem := time_problem(time, now=at, hours=hours):
            raise TimeDoesNotFit(TIME_SENTENCES[problem])
    return tuple(found)


def body_or(body: str, parent: User, sentence: "StrPromise") -> str:
    """Return the writer's text, else `sentence` in the family's language."""
    if body.strip():
        return body
    with override(parent.language):
        return str(sentence)


REQUESTED = _("We would like to talk.")
OFFERED = _("Let us meet. Please choose one of these times.")
PROMISED = _("We will telephone.")
CHOSEN = _("Thank you, this time suits.")
NONE_SUITS = _("None of these times suits.")


@transaction.atomic
def ask_for_meeting(
    *,
    pupil: Pupil,
    parent: User,
    by: Actor,
    at: datetime,
    key: UUID,
    times: Sequence[datetime],
    how: str,
    spoken: str,
    about: str = "",
    confirmed: Collection[str] | None = None,
    moves: Proposal | None = None,
) -> Message:
    """Ask the class for a meeting, as a parent (PA-8).

    `times` in UTC; `spoken`: the language they would like. `moves`: the agreed time that this ends. Raises NoTimes, TimeDoesNotFit, and what
    `send_message` raises.
    """
    if not by.is_personal:
        raise PermissionDenied
    fitting = times_of(times, at=at, hours=locked_hours())
    ends = moves.pk if moves else None
    facts = ProposalFacts(ProposalKind.REQUEST, times=fitting, how=how, spoken=spoken, answers=ends)
    body = body_or(about, parent, REQUESTED)
    return send_message(
        pupil=pupil,
        parent=parent,
        by=by,
        at=at,
        body=body,
        key=key,
        proposal=facts,
        confirmed=_unkind_only(confirmed),
    )


def _unkind_only(confirmed: Collection[str] | None) -> Collection[str] | None:
    """Confirm every kind but unkind words (AU-1).

    A meeting is the place to ask how a child is getting on.
    """
    return None if confirmed is None else {*confirmed, PhraseKind.PROGRESS, OFFICE}


def send_proposal(
    conversation: Conversation,
    by: Actor,
    at: datetime,
    key: UUID,
    body: str,
    facts: ProposalFacts,
    confirmed: Collection[str] | None = None,
    files: Collection[str] = (),
) -> Message:
    return send_message(
        pupil=conversation.pupil,
        parent=conversation.parent,
        by=by,
        at=at,
        body=body,
        key=key,
        proposal=facts,
        confirmed=_unkind_only(confirmed),
        files=files,
    )


def require_class(by: Actor) -> None:
    if not by.is_class:
        raise PermissionDenied


@transaction.atomic
def promise_call(
    conversation: Conversation,
    *,
    by: Actor,
    at: datetime,
    key: UUID,
    body: str = "",
    confirmed: Collection[str] | None = None,
    files: Collection[str] = (),
    rings_at: datetime | None = None,
) -> Message:
    """Answer 'We will telephone', with an optional text, files and time (TE-8).

    Raises TimeDoesNotFit, and what `send_message` raises.
    """
    require_class(by)
    if rings_at:
        times_of([rings_at], at=at, hours=locked_hours())
    text = body_or(body, conversation.parent, PROMISED)
    facts = ProposalFacts(ProposalKind.TELEPHONE, chosen=rings_at)
    return send_proposal(conversation, by, at, key, text, facts, confirmed, files)


@transaction.atomic
def offer_times(
    conversation: Conversation,
    *,
    by: Actor,
    at: datetime,
    key: UUID,
    times: Sequence[datetime],
    how: str = MeetingHow.IN_PERSON,
    body: str = "",
    confirmed: Collection[str] | None = None,
    moves: Proposal | None = None,
) -> Message:
    """Offer a family times for a meeting (TE-8).

    `moves`: the agreed time that this ends. Raises NoTimes, TimeDoesNotFit.
    """
    require_class(by)
    fitting = times_of(times, at=at, hours=locked_hours())
    text = body_or(body, conversation.parent, OFFERED)
    ends = moves.pk if moves else None
    facts = ProposalFacts(ProposalKind.OFFER, times=fitting, how=how, answers=ends)
    return send_proposal(conversation, by, at, key, text, facts, confirmed)


def _replay_answer(first: Message, chosen: datetime | None, body: str) -> Message:
    """Return the first answer of this key if it says the same.

    Raises IdempotencyConflict.
    """
    replay(first.proposal, chosen=chosen)
    return replay(first, body=require_body(body)) if body.strip() else first


@transaction.atomic
def answer_times(
    offer: Message,
    *,
    by: Actor,
    at: datetime,
    key: UUID,
    chosen: datetime | None,
    how: str = "",
    body: str = "",
    confirmed: Collection[str] | None = None,
) -> Message:
    """Choose one of the times that `offer` carries, or none (`chosen` None).

    `how`: in person or by telephone, where the offer leaves it open: who accepts settles it. The database
    allows one answer to each proposal. The same `key` again returns the first answer. Raises
    AlreadyAnswered, HowNotChosen, TimeIsOver, TimeDoesNotFit, NoTimes, IdempotencyConflict.
    """
    lock_writer(by.user)
    first = Message.objects.filter(author=by.user, key=key).first()
    if first is not None:
        return _replay_answer(first, chosen, body)
    proposal = Proposal.objects.select_for_update().filter(message=offer, kind__in=WITH_TIMES).first()
    if proposal is None or offer.from_class == by.is_class:
        raise PermissionDenied
    if Proposal.objects.filter(answers=proposal).exists() or _is_superseded(offer, by):
        raise AlreadyAnswered
    if chosen is not None and chosen not in proposal.times:
        raise NoTimes
    if chosen is not None and chosen <= at:
        raise TimeIsOver
    if chosen is not None and chosen <= locked_hours().release(at):
        raise TimeDoesNotFit(TIME_SENTENCES[TimeProblem.UNREAD])
    settled = proposal.how if proposal.how != MeetingHow.EITHER else how
    if chosen is not None and settled not in (MeetingHow.IN_PERSON, MeetingHow.TELEPHONE):
        raise HowNotChosen
    kind = ProposalKind.CHOICE if chosen else ProposalKind.NONE_SUIT
    text = body_or(body, offer.conversation.parent, CHOSEN if chosen else NONE_SUITS)
    facts = ProposalFacts(
        kind,
        how=settled if chosen else proposal.how,
        spoken=proposal.spoken,
        answers=proposal.pk,
        chosen=chosen,
    )
    return send_proposal(offer.conversation, by, at, key, text, facts, confirmed)


def _is_superseded(offer: Message, by: Actor) -> bool:
    """Tell whether something was agreed, cancelled or proposed here since, as far as this side sees."""
    later = Message.objects.visible_to(by).filter(conversation=offer.conversation_id)
    later = later.filter(proposal__kind__in=[*AGREED, *WITH_TIMES, ProposalKind.CANCELLED])
    after = Q(release_at__gt=offer.release_at) | Q(release_at=offer.release_at, pk__gt=offer.pk)
    return later.filter(after).exists()
