"""Send a message between a parent and a class (TE-4).

It arrives in school time (PA-6).
"""

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
    """Hold what a message carries besides its text; see `Proposal`.

    `times` and `chosen` in UTC; `answers`: the id of the message that is answered.
    """

    kind: str
    times: tuple[datetime, ...] = ()
    how: str = ""
    spoken: str = ""
    answers: int | None = None
    chosen: datetime | None = None


def _start_conversation(pupil: Pupil, parent: User) -> int:
    """Create the conversation of a first message and return its id.

    Two first messages at once find the same row.
    """
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
    """Send a message between `parent` and the class of `pupil` (TE-4, PA-6).

    `by`: that parent, or the class account with the person who signs. `at`: the database's clock (UTC); the
    message arrives then in working hours, else at the next opening. `confirmed`: the kinds of screening
    that the writer has confirmed; None skips the screening. `files`: names of attachments that `by` has
    uploaded. The same `key` again returns the first message if it says the same.

    Raises EmptyBody, BodyTooLong, IdempotencyConflict, TakenBack, NotYourConversation, MessagingPaused,
    MessagingSuspended, NobodyReads, TooManyMessages, TooManyFiles, FilesGone, FaceToFace, BetterDiscussed,
    BelongsToOffice.
    """
    body = require_body(body)
    signs = may_sign(by)
    first = Message.objects.filter(author=by.user, key=key).first()
    if first is not None:
        return _replay(first, body, proposal, files, by)
    if not signs:
        raise NotYourConversation
    school = lock_school_for_share()
    refuse_while_suspended(school)
    conversation_id = conversation_to_write_in(pupil, parent, by, at, school)
    if confirmed is not None:
        screen_body(body, by=by, confirmed=confirmed, school=school, descriptions=alt_texts_of(files, by))
    message = Message.objects.create(
        conversation_id=conversation_id or _start_conversation(pupil, parent),
        author=by.user,
        staff=by.staff if by.is_class else None,
        from_class=by.is_class,
        body=body,
        key=key,
        sent_at=at,
        release_at=school_hours(school).release(at),
    )
    if proposal:
        _store_proposal(proposal, message)
    send_along([message], files, by=by)
    failpoint("post.before_commit")
    return message


def _replay(
    first: Message, body: str, proposal: ProposalFacts | None, files: Collection[str], by: Actor
) -> Message:
    """Return the first message of this key if it says the same.

    Raises TakenBack, IdempotencyConflict.
    """
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


def _store_proposal(proposal: ProposalFacts, message: Message) -> None:
    Proposal.objects.create(
        message=message,
        kind=proposal.kind,
        times=list(proposal.times),
        how=proposal.how,
        spoken=proposal.spoken,
        answers_id=proposal.answers,
        chosen=proposal.chosen,
    )
