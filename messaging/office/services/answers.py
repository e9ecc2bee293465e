"""An answer of the office that still waits: changed or withdrawn by its writer (TE-4)."""

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
    sentence = _("Nobody would read this answer. Keep it as a note, and telephone or write a letter.")

    def __init__(self, why: object = "") -> None:
        super().__init__(f"{why} {self.sentence}".strip())


class AnswerTakenBack(IdempotencyConflict):
    sentence = _("You have withdrawn this answer. It goes again when you send it once more.")


class AnswerArrived(RuleViolation):
    sentence = _("This answer has already arrived, so it stays as it is. You can write another.")


def _lock_for_writer(entry: Entry, by: Actor) -> Enquiry:
    """Lock the enquiry of an answer for whoever wrote it. Raises PermissionDenied."""
    held = lock_enquiry(entry.enquiry, by)
    if entry.kind != EntryKind.ANSWER or entry.user_id != by.user.pk:
        raise PermissionDenied
    return held


@transaction.atomic
def change_answer(entry: Entry, *, body: str, by: Actor) -> None:
    """Give new words to an answer that still waits (TE-4).

    Raises NoWords, TooManyWords, and AnswerArrived when the database's clock has reached it.
    """
    cleaned = require_body(body)
    locked_hours()
    held = _lock_for_writer(entry, by)
    if not Entry.objects.pending().filter(pk=entry.pk).update(body=cleaned):
        raise AnswerArrived
    record("answer.changed", by=by, about=held, entry=str(entry.key))


@transaction.atomic
def withdraw_answer(entry: Entry, *, by: Actor, at: datetime) -> None:
    """Take back an answer that still waits; it never arrives (TE-4). A second press changes nothing.

    The enquiry stands as if it had not been written. Raises AnswerArrived when the database's clock has reached it.
    """
    release_at = locked_hours().release(at)
    held = _lock_for_writer(entry, by)
    if Entry.objects.pending().filter(pk=entry.pk).update(withdrawn_at=at):
        withdraw_notice_of(entry, at=at)
        _restore_state(held, entry, release_at=release_at)
        record("answer.withdrawn", by=by, about=held, entry=str(entry.key))
    elif not Entry.objects.filter(pk=entry.pk, withdrawn_at__isnull=False).exists():
        raise AnswerArrived


def _restore_state(held: Enquiry, entry: Entry, *, release_at: datetime) -> None:
    """Undo what a withdrawn answer alone brought about: that it was taken, and that it was done after it."""
    if Entry.objects.standing().filter(enquiry=held, kind=EntryKind.ANSWER).exists():
        return
    was_done_before = held.closed_at is not None and held.closed_at < entry.at
    if was_done_before:
        return
    took = held.entries.filter(took=True)
    if took.filter(staff=held.taken_by_id).exists():
        set_state(held, EnquiryState.NEW, release_at=release_at, taken_by=None, closed_at=None)
        took.update(took=False)
    elif held.state == EnquiryState.CLOSED:
        set_state(held, EnquiryState.TAKEN, release_at=release_at, closed_at=None)
