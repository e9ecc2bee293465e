"""Work on enquiries: take, answer, hand over, close (PA-7)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.people import StaffMember
from malpas.lib.errors import RuleViolation
from malpas.lib.idempotency import replay
from messaging.body import require_body
from messaging.enums import EnquiryState, EntryKind, NoReader, Topic
from messaging.errors import TooManyMessages
from messaging.locks import lock_writer, locked_hours
from messaging.models.enquiries import Enquiry
from messaging.models.entries import Entry
from messaging.office.notifications import (
    notify_family,
    notify_taken_over,
    notify_who_works_on,
)
from messaging.office.queries.readers import why_no_reader
from messaging.office.rules.enquiries import (
    MESSAGES_AN_HOUR,
    may_work_on,
)
from messaging.office.services.answers import AnswerTakenBack, NobodyReads
from messaging.office.services.enquiries import alert_of
from messaging.office.services.enquiry_state import lock_enquiry, reopen, set_state


class NotOfTheOffice(RuleViolation):
    sentence = _("Choose somebody who works on this.")


def _write(
    enquiry: Enquiry, kind: str, body: str, *, by: Actor, at: datetime, key: UUID, release_at=None
) -> Entry:
    """Create one entry for one key, or return the first.

    `release_at` (UTC): when the family sees it; at once where it is not for them.
    """
    staff = None if kind == EntryKind.FAMILY else by.staff
    facts = {"enquiry": enquiry, "kind": kind, "body": require_body(body), "staff": staff}
    entry, _new = Entry.objects.get_or_create(
        user=by.user, key=key, defaults=facts | {"at": at, "release_at": release_at or at}
    )
    return replay(entry, enquiry_id=enquiry.pk, kind=kind, body=facts["body"])


@transaction.atomic
def answer_enquiry(enquiry: Enquiry, *, body: str, by: Actor, at: datetime, key: UUID) -> Entry:
    """Answer the family; in quiet hours at the next opening (TE-4).

    Who answers has taken the enquiry; an absence needs nobody to finish it. The same `key` again returns the first answer. Raises EmptyBody,
    BodyTooLong, NobodyReads, AnswerTakenBack.
    """
    release_at = locked_hours().release(at)
    locked = lock_enquiry(enquiry, by)
    is_new = not Entry.objects.filter(user=by.user, key=key).exists()
    if is_new and (why := why_no_reader(locked)):
        raise NobodyReads(why.label)
    entry = _write(locked, EntryKind.ANSWER, body, by=by, at=at, key=key, release_at=release_at)
    if entry.withdrawn_at:
        raise AnswerTakenBack
    if locked.state == EnquiryState.NEW and locked.topic != Topic.ABSENCE:
        set_state(locked, EnquiryState.TAKEN, release_at=release_at, taken_by=by.staff)
        Entry.objects.filter(pk=entry.pk).update(took=True)
    notify_family(entry)
    record("enquiry.answered", by=by, about=locked)
    return entry


@transaction.atomic
def answer_outside(enquiry: Enquiry, *, kind: str, body: str, by: Actor, at: datetime, key: UUID) -> Entry:
    """Record an answer to somebody without an account.

    `kind`: by telephone or by letter.
    Nothing is sent. Who tells them has taken the enquiry. The same `key` again returns the first. Raises
    EmptyBody, BodyTooLong, NobodyReads.
    """
    release_at = locked_hours().release(at)
    locked = lock_enquiry(enquiry, by)
    why = why_no_reader(locked)
    if kind not in (EntryKind.CALL, EntryKind.LETTER) or why == NoReader.NO_ACCESS:
        raise NobodyReads(why.label if why else "")
    entry = _write(locked, kind, body, by=by, at=at, key=key)
    if locked.state == EnquiryState.NEW and locked.topic != Topic.ABSENCE:
        set_state(locked, EnquiryState.TAKEN, release_at=release_at, taken_by=by.staff)
    record("enquiry.answered_outside", by=by, about=locked, kind=kind)
    return entry


@transaction.atomic
def note_on_enquiry(enquiry: Enquiry, *, body: str, by: Actor, at: datetime, key: UUID) -> Entry:
    """Add a note for those who work on it. Raises EmptyBody, BodyTooLong."""
    return _write(lock_enquiry(enquiry, by), EntryKind.NOTE, body, by=by, at=at, key=key)


@transaction.atomic
def add_to_enquiry(enquiry: Enquiry, *, body: str, by: Actor, at: datetime, key: UUID) -> Entry:
    """Add what the parent writes under their own enquiry (PA-7).

    A closed enquiry is opened again.
    """
    lock_writer(by.user)
    hours = locked_hours()
    row = Enquiry.objects.select_for_update(of=("self",)).select_related("complaint", "taken_by__user")
    locked = row.filter(pk=enquiry.pk, parent=by.user).first()
    if locked is None or not by.is_personal:
        raise PermissionDenied
    recent = Entry.objects.filter(user=by.user, at__gt=at - timedelta(hours=1)).exclude(key=key)
    if recent.count() >= MESSAGES_AN_HOUR:
        raise TooManyMessages
    entry = _write(locked, EntryKind.FAMILY, body, by=by, at=at, key=key)
    if locked.state == EnquiryState.CLOSED:
        # The family sees its own change at once; an earlier one of staff still waits for its time.
        reopen(locked, release_at=max(at, locked.state_release_at or at))
    if locked.alert == "" and (alert := alert_of(entry.body)):
        Enquiry.objects.filter(pk=locked.pk).update(alert=alert)
    notify_who_works_on(locked, key=str(entry.key), release_at=hours.release(at))
    return entry


@transaction.atomic
def reopen_enquiry(enquiry: Enquiry, *, by: Actor, at: datetime) -> None:
    """Open a closed enquiry again; a repeated request changes nothing."""
    release_at = locked_hours().release(at)
    locked = lock_enquiry(enquiry, by)
    if locked.state == EnquiryState.CLOSED:
        reopen(locked, release_at=release_at)
        record("enquiry.reopened", by=by, about=locked)


@transaction.atomic
def hand_over(enquiry: Enquiry, *, to: StaffMember, by: Actor, at: datetime) -> None:
    """Hand an enquiry to a colleague who may work on it.

    Raises NotOfTheOffice.
    """
    release_at = locked_hours().release(at)
    locked = lock_enquiry(enquiry, by)
    if to.user is None or to.left_on or not may_work_on(locked, Actor(to.user, to)):
        raise NotOfTheOffice
    if locked.taken_by_id == to.pk:
        return
    set_state(locked, EnquiryState.TAKEN, release_at=release_at, taken_by=to, closed_at=None)
    locked.entries.filter(took=True).update(took=False)
    locked.taken_by = to
    record("enquiry.handed_over", by=by, about=locked, to=to.pk)
    if to != by.staff:
        notify_taken_over(locked, key=f"to:{to.pk}:{at.timestamp():.0f}", release_at=release_at)


class TakenByAnother(RuleViolation):
    sentence = _("Somebody else has already taken this.")


@transaction.atomic
def take_enquiry(enquiry: Enquiry, *, by: Actor, at: datetime) -> None:
    """Take a new enquiry. Raises TakenByAnother."""
    if not may_work_on(enquiry, by):
        raise PermissionDenied
    release_at = locked_hours().release(at)
    fresh = Enquiry.objects.select_for_update().filter(pk=enquiry.pk, state=EnquiryState.NEW).first()
    if fresh is not None:
        set_state(fresh, EnquiryState.TAKEN, release_at=release_at, taken_by=by.staff)
        record("enquiry.taken", by=by, about=enquiry)
    elif not Enquiry.objects.filter(pk=enquiry.pk, taken_by=by.staff).exists():
        raise TakenByAnother


@transaction.atomic
def close_enquiry(enquiry: Enquiry, *, by: Actor, at: datetime) -> None:
    """Close an enquiry; a repeated request changes nothing."""
    if not may_work_on(enquiry, by):
        raise PermissionDenied
    release_at = locked_hours().release(at)
    undone = Enquiry.objects.select_for_update().filter(pk=enquiry.pk).exclude(state=EnquiryState.CLOSED)
    if (locked := undone.first()) is not None:
        set_state(locked, EnquiryState.CLOSED, release_at=release_at, closed_at=at)
        record("enquiry.closed", by=by, about=enquiry)
