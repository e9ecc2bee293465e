"""Send a message between a parent and a class; it arrives in school time (TE-4, PA-6)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.calendar.hours import school_hours
from accounts.calendar.services import lock_school_for_share
from accounts.models.people import User
from classes.models.pupils import Pupil
from malpas.lib.failpoints import failpoint
from malpas.lib.idempotency import IdempotencyConflict, replay
from messaging.attachments.attach import alt_texts_of, send_along
from messaging.body import require_body
from messaging.conversations.services.permissions import (
    conversation_to_write_in,
    may_sign,
    refuse_while_suspended,
)
from messaging.conversations.services.screening import screen_body
from messaging.enums import WithdrawnBecause
from messaging.errors import NotYourConversation
from messaging.models.attachments import Attachment
from messaging.models.conversations import Conversation, Message
from messaging.models.proposals import Proposal


class TakenBack(IdempotencyConflict):
    sentence = _("You have withdrawn this message. It goes again when you send it once more.")


@dataclass(frozen=True)
class ProposalFacts:
    """What a message carries besides words; see `Proposal`. `times` and `chosen` in UTC, `answers` a message's id."""

    kind: str
    times: tuple[datetime, ...] = ()
    how: str = ""
    spoken: str = ""
    answers: int | None = None
    chosen: datetime | None = None


def _begin(pupil: Pupil, parent: User) -> int:
    """The id of a conversation's row, made by its first message; two first messages find the same row."""
    rows = Conversation.objects.bulk_create(
        [Conversation(pupil=pupil, parent=parent)],
        update_conflicts=True,
        unique_fields=["pupil", "parent"],
        update_fields=["parent"],
    )
    return rows[0].pk


@transaction.atomic
def send_message(
    *,
    pupil: Pupil,
    parent: User,
    by: Actor,
    at: datetime,
    body: str,
    key: UUID,
    confirmed: Collection[str] | None = None,
    proposal: ProposalFacts | None = None,
    files: Collection[str] = (),
) -> Message:
    """Keeps a message between `parent` and the class of `pupil`; it arrives in school time (TE-4, PA-6).

    `by` is that parent or the class's account with the person who signs; `at` is the database's clock (UTC).
    `release_at` is `at` in working hours, else the next opening. The same `key` again gives the first message, where
    it says the same.
    `confirmed` names what the writer was asked about; None: nobody is there to be asked. `files`: names of what `by` has
    added. Raises NoWords, TooManyWords, SentBefore, TakenBack, NotYourConversation, MessagingPaused, MessagingStopped,
    NobodyReads, TooMany, TooManyFiles, FilesGone, FaceToFace, BetterTalked, BelongsToOffice.
    """
    body = require_body(body)
    signs = may_sign(by)
    first = Message.objects.filter(author=by.user, key=key).first()
    if first is not None:
        return _sent_first(first, body, proposal, files, by)
    if not signs:
        raise NotYourConversation
    school = lock_school_for_share()
    refuse_while_suspended(school)
    conversation_id = conversation_to_write_in(pupil, parent, by, at, school)
    if confirmed is not None:
        screen_body(body, by=by, confirmed=confirmed, school=school, beside=alt_texts_of(files, by))
    kept = Message.objects.create(
        conversation_id=conversation_id or _begin(pupil, parent),
        author=by.user,
        staff=by.staff if by.is_class else None,
        from_class=by.is_class,
        body=body,
        key=key,
        sent_at=at,
        release_at=school_hours(school).release(at),
    )
    if proposal:
        _lay(proposal, kept)
    send_along([kept], files, by=by)
    failpoint("post.before_commit")
    return kept


def _sent_first(
    first: Message, body: str, proposal: ProposalFacts | None, files: Collection[str], by: Actor
) -> Message:
    """What this key has sent, when this press says nothing else. Raises TakenBack, SentBefore."""
    if first.withdrawn_because == WithdrawnBecause.WRITER:
        raise TakenBack
    if (
        proposal
        and not Proposal.objects.filter(
            message=first, times=list(proposal.times), chosen=proposal.chosen
        ).exists()
    ):
        raise IdempotencyConflict
    along = set(first.files.values_list("title", "size"))
    now = set(Attachment.objects.unsent_of(by).filter(name__in=files).values_list("title", "size"))
    if not now <= along:
        raise IdempotencyConflict
    return replay(first, body=body)


def _lay(proposal: ProposalFacts, message: Message) -> None:
    Proposal.objects.create(
        message=message,
        kind=proposal.kind,
        times=list(proposal.times),
        how=proposal.how,
        spoken=proposal.spoken,
        answers_id=proposal.answers,
        chosen=proposal.chosen,
    )
