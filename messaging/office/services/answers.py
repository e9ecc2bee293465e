"""Change or withdraw a pending answer of the office (TE-4)."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from malpas.lib.errors import RuleViolation
from malpas.lib.idempotency import IdempotencyConflict
from messaging.body import require_body
from messaging.enums import EnquiryState, EntryKind
from messaging.locks import locked_hours
from messaging.models.enquiries import Enquiry
from messaging.models.entries import Entry
from messaging.office.notifications import withdraw_notice_of
from messaging.office.services.enquiry_state import lock_enquiry, set_state


class NobodyReads(RuleViolation):
    sentence = _("Nobody would read this answer. Save it as a note, and telephone or write a letter.")

    def __init__(self, why: object = "") -> None:
        super().__init__(f"{why} {self.sentence}".strip())


class AnswerTakenBack(IdempotencyConflict):
    sentence = _("You have withdrawn this answer. It goes again when you send it once more.")


class AnswerArrived(RuleViolation):
    sentence = _("This answer has already arrived, so it stays as it is. You can write another.")


def _lock_for_writer(entry: Entry, by: Actor) -> Enquiry:
    """Lock the enquiry of an answer for its writer. Raises PermissionDenied."""
    locked = lock_enquiry(entry.enquiry, by)
    if entry.kind != EntryKind.ANSWER or entry.user_id != by.user.pk:
        raise PermissionDenied
    return locked


@transaction.atomic
def change_answer(entry: Entry, *, body: str, by: Actor) -> None:
    """Change a pending answer (TE-4).

    Raises EmptyBody, BodyTooLong, and AnswerArrived when the database's clock has reached it.
    """
    cleaned = require_body(body)
    locked_hours()
    locked = _lock_for_writer(entry, by)
    if not Entry.objects.pending().filter(pk=entry.pk).update(body=cleaned):
        raise AnswerArrived
    record("answer.changed", by=by, about=locked, entry=str(entry.key))


@transaction.atomic
def withdraw_answer(entry: Entry, *, by: Actor, at: datetime) -> None:
    """Withdraw a pending answer, so that it never arrives (TE-4).

    The enquiry stands as if it had not been written. A repeated request changes nothing. Raises
    AnswerArrived when the database's clock has reached it.
    """
    release_at = locked_hours().release(at)
    locked = _lock_for_writer(entry, by)
    if Entry.objects.pending().filter(pk=entry.pk).update(withdrawn_at=at):
        withdraw_notice_of(entry, at=at)
        _restore_state(locked, entry, release_at=release_at)
        record("answer.withdrawn", by=by, about=locked, entry=str(entry.key))
    elif not Entry.objects.filter(pk=entry.pk, withdrawn_at__isnull=False).exists():
        raise AnswerArrived


def _restore_state(locked: Enquiry, entry: Entry, *, release_at: datetime) -> None:
    """Undo what a withdrawn answer alone changed: taken, or done after it."""
    if Entry.objects.not_withdrawn().filter(enquiry=locked, kind=EntryKind.ANSWER).exists():
        return
    was_done_before = locked.closed_at is not None and locked.closed_at < entry.at
    if was_done_before:
        return
    took = locked.entries.filter(took=True)
    if took.filter(staff=locked.taken_by_id).exists():
        set_state(locked, EnquiryState.NEW, release_at=release_at, taken_by=None, closed_at=None)
        took.update(took=False)
    elif locked.state == EnquiryState.CLOSED:
        set_state(locked, EnquiryState.TAKEN, release_at=release_at, closed_at=None)
