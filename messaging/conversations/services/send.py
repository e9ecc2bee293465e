"""Writing to the class, and from the class: the message waits for school time by itself (TE-4, PA-6)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Count, Exists, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.calendar.hours import school_hours
from accounts.calendar.services import lock_school_for_share
from accounts.models.people import User
from accounts.models.school import School
from accounts.sessions.rate_limits import HELD_WORDS, RateLimit, RateLimited
from classes.enums import Restriction
from classes.models.classrooms import Classroom
from classes.models.guardianships import Guardianship
from classes.models.pupils import Pupil
from malpas.lib.errors import RuleViolation
from malpas.lib.failpoints import failpoint
from malpas.lib.hours import SchoolHours
from malpas.lib.idempotency import IdempotencyConflict, replay
from malpas.lib.text import clean_body, is_blank
from messaging.attachments.attach import alt_texts_of, change_files, send_along
from messaging.conversations.rules import may_change
from messaging.enums import OFFICE, PhraseKind, Topic, WithdrawnBecause
from messaging.models.attachments import Attachment
from messaging.models.conversations import MAX_BODY, Conversation, Message
from messaging.models.proposals import Proposal
from messaging.screening.keyword_rules import office_topic
from messaging.screening.phrases import phrase_in
from messaging.screening.school_lists import phrases
from messaging.writers import NotYourConversation, lock_writer


class EmptyBody(RuleViolation):
    sentence = _("Please write something first.")


class BodyTooLong(RuleViolation):
    sentence = _("That is longer than 5,000 characters. Please shorten it, or ask for a talk.")


class MessagingPaused(RuleViolation):
    sentence = _("Writing to the class is paused for you. Please telephone the office.")


class PausedForFamily(MessagingPaused):
    sentence = _("Messages with this family are paused. Please ask the office.")


class TooMany(RuleViolation):
    sentence = _("That is a lot of messages in one hour. Please wait a little, or telephone the office.")


class AlreadyArrived(RuleViolation):
    sentence = _("This message has already arrived, so it stays as it is. You can write another.")


class TakenBack(IdempotencyConflict):
    sentence = _("You have withdrawn this message. It goes again when you send it once more.")


class MessagingSuspended(RuleViolation):
    sentence = _("The school has stopped all messages for now. Please telephone the office.")


class NobodyReads(RuleViolation):
    """A class without an account or without staff: what a family writes would wait for nobody (PA-6)."""

    sentence = _(
        "Nobody reads messages to this class at the moment. Please telephone the Main Office: %(phone)s."
    )

    def __init__(self, school: School) -> None:
        super().__init__(self.sentence % {"phone": school.office_phone})


class ConfirmationRequired(RuleViolation):
    """Held back once (AU-1, PA-8): whoever sends the same again with `confirmed` naming `kind` is not asked again."""

    kind = ""


class FaceToFace(ConfirmationRequired):
    kind = PhraseKind.UNKIND
    sentence = _("Would you say this face to face? You can change it, or send it as it is.")


class BetterDiscussed(ConfirmationRequired):
    kind = PhraseKind.PROGRESS
    sentence = _(
        "How a child is getting on is best talked about. You can ask for a meeting, or send it as it is."
    )


class BelongsToOffice(ConfirmationRequired):
    """`topic`: whose form is offered, with the words kept (PA-7)."""

    kind = OFFICE
    sentence = _(
        "This looks like something for the office: %(topic)s. The class does not pass it on. You can use the "
        "office’s form with your words in it, or send it to the class as it is."
    )

    def __init__(self, topic: str) -> None:
        self.topic = Topic(topic)
        super().__init__(self.sentence % {"topic": self.topic.label})


@dataclass(frozen=True)
class ProposalFacts:
    """What a message carries besides words; see `Proposal`. `times` and `chosen` in UTC, `answers` a message's id."""

    kind: str
    times: tuple[datetime, ...] = ()
    how: str = ""
    spoken: str = ""
    answers: int | None = None
    chosen: datetime | None = None


def require_body(body: str) -> str:
    """The words as they are kept. Raises NoWords, TooManyWords (5,000 characters)."""
    cleaned = clean_body(body)
    if is_blank(cleaned):
        raise EmptyBody
    if len(cleaned) > MAX_BODY:
        raise BodyTooLong
    return cleaned


def locked_hours() -> SchoolHours:
    """The school's hours, held as `lock_school_for_share` does."""
    return school_hours(lock_school_for_share())


def _refuse_while_suspended(school: School) -> None:
    if school.messaging_suspended_at:
        raise MessagingSuspended


def screen_body(
    body: str, *, by: Actor, confirmed: Collection[str], school: School, beside: str = ""
) -> None:
    """Holds words back once: unkind ones of anybody (AU-1), a parent's that ask for progress (PA-8) or that seem
    to belong to the office (PA-7).

    `beside`: what is said to be on photos; it may be unkind too. `confirmed` holds the kinds that this writer was asked about. Raises FaceToFace, BetterTalked, BelongsToOffice.
    """
    holds: list[type[ConfirmationRequired]] = [FaceToFace] if by.is_class else [FaceToFace, BetterDiscussed]
    for held in holds:
        said = f"{body}\n{beside}" if held is FaceToFace else body
        if held.kind not in confirmed and phrase_in(said, phrases(school, held.kind)):
            raise _counted(held(), by)
    if not by.is_class and OFFICE not in confirmed and (found := office_topic(body, school)):
        raise _counted(BelongsToOffice(found.about), by)


def _counted(held: ConfirmationRequired, by: Actor) -> ConfirmationRequired:
    """What is held back counts too, for it costs as much as what is sent. Raises TooMany."""
    try:
        RateLimit((HELD_WORDS, by.user.pk)).acquire()
    except RateLimited:
        raise TooMany from None
    return held


SIGNED = """
    SELECT u.id FROM accounts_user u
    JOIN classes_classroom c ON c.account_id = u.id
    JOIN classes_classroom_staff m ON m.classroom_id = c.id
    JOIN accounts_staffmember s ON s.id = m.staffmember_id
    WHERE u.id = %s AND s.id = %s AND s.left_on IS NULL
    FOR NO KEY UPDATE OF u FOR KEY SHARE OF m, s
"""


def may_sign(by: Actor) -> bool:
    """As `lock_writer`, and at a class account, with the same question, whether the person who signs works here and is
    of this class as the transaction will end: it takes turns with the one in which they leave school or class."""
    if by.is_class and by.staff is not None:
        return bool(list(User.objects.raw(SIGNED, [by.user.pk, by.staff.pk])))
    lock_writer(by.user)
    return not by.is_class


def _right_to_write(
    by: Actor, pupil: Pupil, parent: User, since: datetime
) -> tuple[str, int | None, int | None, bool] | None:
    """Return what decides whether `by` may write here, in one query; None without a live guardianship.

    The tuple: the guardianship's restriction, the conversation's id, how many messages the account has sent
    `since` (UTC), and whether somebody reads what is written to the class.
    """
    mine = {"pupil__classroom__account" if by.is_class else "contact__user": by.user}
    conversation = Conversation.objects.filter(pupil=OuterRef("pupil"), parent=OuterRef("contact__user"))
    recent = Message.objects.filter(author=by.user, sent_at__gt=since)
    sent = recent.values("author").annotate(n=Count("pk")).values("n")
    is_read = Exists(Classroom.objects.read_by_somebody().filter(pk=OuterRef("pupil__classroom")))
    guardianships = Guardianship.objects.live().filter(pupil=pupil, contact__user=parent).filter(**mine)
    return guardianships.values_list(
        "restriction", Subquery(conversation.values("pk")[:1]), Subquery(sent), is_read
    ).first()


def _conversation_id(pupil: Pupil, parent: User, by: Actor, at: datetime, school: School) -> int | None:
    """The conversation's id, None before its first message. Raises unless a live guardianship lets `by` write in it now."""
    if by.is_pupil or (by.is_class and by.staff is None):
        raise NotYourConversation
    found = _right_to_write(by, pupil, parent, at - timedelta(hours=1))
    if found is None:
        raise NotYourConversation
    restriction, conversation_id, sent, is_read = found
    if restriction == Restriction.MESSAGING_PAUSED:
        raise PausedForFamily if by.is_class else MessagingPaused
    if not by.is_class and not is_read:
        raise NobodyReads(school)
    if not by.is_class and (sent or 0) >= school.messages_an_hour:
        raise TooMany
    return conversation_id


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
    _refuse_while_suspended(school)
    conversation_id = _conversation_id(pupil, parent, by, at, school)
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


def _own(message: Message, by: Actor) -> None:
    if not may_change(message, by):
        raise PermissionDenied


@transaction.atomic
def change_message(
    message: Message,
    *,
    by: Actor,
    at: datetime,  # noqa: ARG001 (whether it still waits, the database's clock says at the row)
    body: str,
    confirmed: Collection[str] | None = None,
    files: Collection[str] | None = None,
    described: Mapping[str, str] | None = None,
) -> Message:
    """New words for a message that still waits, signed by who changed them (TE-4, PA-6); `confirmed` as for sending.

    `files`: names of what stays with it and of what `by` has added; None: they stay as they are; `described`: what
    is on them, by name. Raises AlreadyArrived when the database's clock has reached it, and what `send_message` raises
    for words.
    """
    _own(message, by)
    body = require_body(body)
    if not may_sign(by):
        raise NotYourConversation
    school = lock_school_for_share()
    _refuse_while_suspended(school)
    if confirmed is not None:
        beside = "\n".join([alt_texts_of(files or (), by), *(described or {}).values()])
        screen_body(body, by=by, confirmed=confirmed, school=school, beside=beside)
    signed = {"staff": by.staff} if by.is_class else {}
    if not Message.objects.pending().filter(pk=message.pk).update(body=body, **signed):
        raise AlreadyArrived
    if files is not None:
        change_files(message, files, by=by, described=described)
    record("message.changed", by=by, about=message)
    message.body = body
    return message


@transaction.atomic
def withdraw_message(message: Message, *, by: Actor, at: datetime) -> None:
    """Takes back a message that still waits; it never arrives. A second press is harmless (TE-4, PA-6).

    Raises AlreadyArrived when the database's clock has reached it: never both withdrawn and arrived.
    """
    _own(message, by)
    waiting = Message.objects.pending().filter(pk=message.pk)
    if waiting.update(withdrawn_at=at, withdrawn_because=WithdrawnBecause.WRITER):
        record("message.withdrawn", by=by, about=message)
    elif not Message.objects.filter(pk=message.pk, withdrawn_at__isnull=False).exists():
        raise AlreadyArrived


READ = """
    UPDATE messaging_message m SET read_at = %(read_at)s
    FROM messaging_message last
    WHERE last.id = %(seen)s AND last.conversation_id = %(conversation)s AND m.conversation_id = last.conversation_id
    AND m.from_class <> %(by_class)s AND m.read_at IS NULL AND m.withdrawn_at IS NULL
    AND m.release_at <= school_now() AND (m.release_at, m.id) <= (last.release_at, last.id)
"""


def mark_read(conversation: int, *, by: Actor, at: datetime, hours: SchoolHours, seen: int) -> int:
    """Marks what has arrived for this side in the conversation of this id as read; how many.

    `seen` is the id of the other side's last message that stood on the page (0: none): what arrived after it was not
    read. A reading by the class in quiet hours counts from the next opening: nobody learns that staff looked at night.
    """
    read_at = hours.release(at) if by.is_class else at
    with connection.cursor() as cursor:
        cursor.execute(
            READ, {"read_at": read_at, "seen": seen, "conversation": conversation, "by_class": by.is_class}
        )
        return cursor.rowcount
