"""What the office does with an enquiry: answers it, hands it on, writes down a call, leads a complaint (PA-7)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.people import StaffMember
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from malpas.lib.errors import RuleViolation
from malpas.lib.idempotency import replay
from messaging.conversations.services.send import TooMany, locked_hours, require_body
from messaging.enums import AbsenceReason, ComplaintAbout, DayPart, EnquiryState, EntryKind, Topic
from messaging.models.conversations import Message
from messaging.models.enquiries import Absence, Enquiry, Entry, Origin, Stage
from messaging.office.notifications import (
    notify_family,
    notify_office,
    notify_rerouted,
    notify_taken_over,
    notify_who_works_on,
)
from messaging.office.queries.readers import why_no_reader
from messaging.office.queries.restricted import restricted_children
from messaging.office.rules.enquiries import (
    MESSAGES_AN_HOUR,
    STAGES,
    may_reroute,
    may_work_on,
    next_school_day,
)
from messaging.office.services.answers import AnswerTakenBack, NobodyReads
from messaging.office.services.enquiries import (
    AbsenceFacts,
    alert_of,
    begin_stage,
    new_reference,
    open_complaint,
)
from messaging.office.services.enquiry_state import lock_enquiry, reopen, set_state
from messaging.writers import lock_writer


class NotOfTheOffice(RuleViolation):
    sentence = _("Choose somebody who works on this.")


class LastStage(RuleViolation):
    sentence = _("This complaint has gone through all its stages.")


class AlreadyRerouted(RuleViolation):
    sentence = _("This message is at the office already.")


class CallerWithoutAccess(RuleViolation):
    sentence = _(
        "This adult has no access to the child. Please confirm that you have seen it, and put it on the list again."
    )


class NotTheirChild(RuleViolation):
    sentence = _("This adult has no tie to that child.")


def _write(
    enquiry: Enquiry, kind: str, body: str, *, by: Actor, at: datetime, key: UUID, release_at=None
) -> Entry:
    """One entry for one key. `release_at` (UTC): when the family sees it; at once where it is not theirs."""
    staff = None if kind == EntryKind.FAMILY else by.staff
    facts = {"enquiry": enquiry, "kind": kind, "body": require_body(body), "staff": staff}
    entry, _new = Entry.objects.get_or_create(
        user=by.user, key=key, defaults=facts | {"at": at, "release_at": release_at or at}
    )
    return replay(entry, enquiry_id=enquiry.pk, kind=kind, body=facts["body"])


@transaction.atomic
def answer_enquiry(enquiry: Enquiry, *, body: str, by: Actor, at: datetime, key: UUID) -> Entry:
    """Answers the family; in quiet hours at the next opening (TE-4). Whoever answers has taken it.

    The same `key` again gives the first answer. Raises NoWords, TooManyWords, NobodyReads, AnswerTakenBack.
    """
    release_at = locked_hours().release(at)
    held = lock_enquiry(enquiry, by)
    is_new = not Entry.objects.filter(user=by.user, key=key).exists()
    if is_new and (why := why_no_reader(held)):
        raise NobodyReads(why.label)
    entry = _write(held, EntryKind.ANSWER, body, by=by, at=at, key=key, release_at=release_at)
    if entry.withdrawn_at:
        raise AnswerTakenBack
    if held.state == EnquiryState.NEW:
        set_state(held, EnquiryState.TAKEN, release_at=release_at, taken_by=by.staff)
        Entry.objects.filter(pk=entry.pk).update(took=True)
    notify_family(entry)
    record("enquiry.answered", by=by, about=held)
    return entry


@transaction.atomic
def note_on_enquiry(enquiry: Enquiry, *, body: str, by: Actor, at: datetime, key: UUID) -> Entry:
    """A note that only those who work on it read. Raises NoWords, TooManyWords."""
    return _write(lock_enquiry(enquiry, by), EntryKind.NOTE, body, by=by, at=at, key=key)


@transaction.atomic
def add_to_enquiry(enquiry: Enquiry, *, body: str, by: Actor, at: datetime, key: UUID) -> Entry:
    """The parent writes again under their own enquiry; what was closed is open again (PA-7)."""
    lock_writer(by.user)
    hours = locked_hours()
    row = Enquiry.objects.select_for_update(of=("self",)).select_related("complaint", "taken_by__user")
    held = row.filter(pk=enquiry.pk, parent=by.user).first()
    if held is None or not by.is_personal:
        raise PermissionDenied
    recent = Entry.objects.filter(user=by.user, at__gt=at - timedelta(hours=1)).exclude(key=key)
    if recent.count() >= MESSAGES_AN_HOUR:
        raise TooMany
    entry = _write(held, EntryKind.FAMILY, body, by=by, at=at, key=key)
    if held.state == EnquiryState.CLOSED:
        # Its own doing shows at once; what staff did shortly before still waits for its hour.
        reopen(held, release_at=max(at, held.state_release_at or at))
    if held.alert == "" and (alert := alert_of(entry.body)):
        Enquiry.objects.filter(pk=held.pk).update(alert=alert)
    notify_who_works_on(held, key=str(entry.key), release_at=hours.release(at))
    return entry


@transaction.atomic
def reopen_enquiry(enquiry: Enquiry, *, by: Actor, at: datetime) -> None:
    """It is not done after all. A second press changes nothing."""
    release_at = locked_hours().release(at)
    held = lock_enquiry(enquiry, by)
    if held.state == EnquiryState.CLOSED:
        reopen(held, release_at=release_at)
        record("enquiry.reopened", by=by, about=held)


@transaction.atomic
def hand_over(enquiry: Enquiry, *, to: StaffMember, by: Actor, at: datetime) -> None:
    """Gives an enquiry to a colleague who may work on it. Raises NotOfTheOffice."""
    release_at = locked_hours().release(at)
    held = lock_enquiry(enquiry, by)
    if to.user is None or to.left_on or not may_work_on(held, Actor(to.user, to)):
        raise NotOfTheOffice
    if held.taken_by_id == to.pk:
        return
    set_state(held, EnquiryState.TAKEN, release_at=release_at, taken_by=to, closed_at=None)
    held.entries.filter(took=True).update(took=False)
    held.taken_by = to
    record("enquiry.handed_over", by=by, about=held, to=to.pk)
    if to != by.staff:
        notify_taken_over(held, key=f"to:{to.pk}:{at.timestamp():.0f}", release_at=release_at)


@transaction.atomic
def next_stage(enquiry: Enquiry, *, number: int, by: Actor, at: datetime) -> Stage:
    """A complaint goes on to stage `number`. A second press finds the first. Raises LastStage."""
    release_at = locked_hours().release(at)
    held = lock_enquiry(enquiry, by)
    stages = Stage.objects.filter(enquiry=held)
    if reached := stages.filter(number__gte=number).first():
        return reached
    if held.topic != Topic.COMPLAINT or number > STAGES or number != stages.count() + 1:
        raise LastStage
    stages.filter(ended_at__isnull=True).update(ended_at=at)
    stage = begin_stage(held, held.complaint.about, number, at=at, release_at=release_at)
    if held.state == EnquiryState.CLOSED:
        reopen(held, release_at=release_at)
    record("complaint.stage", by=by, about=held, number=number)
    return stage


@transaction.atomic
def record_call(
    *,
    topic: str,
    contact: Contact,
    pupils: Iterable[Pupil],
    body: str,
    by: Actor,
    at: datetime,
    key: UUID,
    absence: AbsenceFacts | None = None,
    about: str = "",
    phone: str = "",
    although_no_access: bool = False,
) -> Enquiry:
    """Puts on the list what an adult said by telephone, in their name (PA-7, PA-13). The same `key` gives the first.

    Without an account of theirs it stands in the recorder's name. `although_no_access`: the recorder has seen that
    they have none. Raises NotTheirChild, NoWords, CallerWithoutAccess.
    """
    if not by.is_office or by.staff is None:
        raise PermissionDenied
    kept = require_body(body) if body.strip() or absence is None else ""
    lock_writer(by.user)
    first = Enquiry.objects.filter(origin__recorded_by=by.staff, key=key).first()
    if first is not None:
        return replay(first, topic=topic, body=kept, phone=phone)
    children = _children_of_contact(contact, pupils)
    if restricted_children(contact, children) and not although_no_access:
        raise CallerWithoutAccess
    enquiry = Enquiry.objects.create(
        reference=new_reference(topic),
        topic=topic,
        parent=contact.user or by.user,
        body=kept,
        phone=phone,
        alert=alert_of(kept),
        key=key,
        sent_at=at,
        is_sealed=about == ComplaintAbout.HEAD,
    )
    enquiry.pupils.set(children)
    Origin.objects.create(enquiry=enquiry, contact=contact, recorded_by=by.staff)
    if absence:
        Absence.objects.create(enquiry=enquiry, **vars(absence))
    if topic == Topic.COMPLAINT:
        open_complaint(enquiry, about or ComplaintAbout.SCHOOL, at=at)
        notify_office(enquiry, release_at=locked_hours().release(at))
    record("enquiry.recorded", by=by, about=enquiry, contact=contact.pk)
    return enquiry


def _children_of_contact(contact: Contact, pupils: Iterable[Pupil]) -> list[Pupil]:
    """Children with a guardianship to this adult, joined or not, that has not ended and gives access."""
    chosen = {pupil.pk for pupil in pupils}
    guardianships = Guardianship.objects.filter(contact=contact, ended_at__isnull=True, pupil__in=chosen)
    found = list(Pupil.objects.here().filter(pk__in=guardianships.values("pupil")))
    if len(found) != len(chosen):
        raise NotTheirChild
    return found


@transaction.atomic
def reroute_message(message: Message, *, topic: str, by: Actor, at: datetime) -> Enquiry:
    """A class hands a stray message to the office in one tap: the parent is told, the class carries it no more (PA-7).

    In quiet hours the parent sees it at the next opening: nobody learns that staff looked at night (TE-4).
    Raises AlreadyPassedOn. An absence passed on stands on the sheet from the day it was written for, without a reason.
    """
    hours = locked_hours()
    row = Message.objects.select_for_update(of=("self",)).select_related(
        "conversation__parent", "conversation__pupil__classroom"
    )
    held = row.get(pk=message.pk)
    if not may_reroute(held, by, now=at) or not _is_in_class_of(held, by):
        raise PermissionDenied
    if held.rerouted_at:
        raise AlreadyRerouted
    conversation = held.conversation
    enquiry = Enquiry.objects.create(
        reference=new_reference(topic),
        topic=topic,
        parent=conversation.parent,
        body=held.body,
        alert=alert_of(held.body),
        key=uuid4(),
        sent_at=held.sent_at,
    )
    enquiry.pupils.set([conversation.pupil])
    Origin.objects.create(enquiry=enquiry, message=held, recorded_by=by.staff)
    Message.objects.filter(pk=held.pk).update(rerouted_at=hours.release(at))
    _make_whole(enquiry, held, hours, at=at)
    notify_rerouted(enquiry, release_at=hours.release(at))
    notify_office(enquiry, release_at=hours.release(at))
    record("message.rerouted", by=by, about=enquiry, message=held.pk)
    return enquiry


def _is_in_class_of(message: Message, by: Actor) -> bool:
    room = message.conversation.pupil.classroom
    return room is not None and room.account_id == by.user.pk


def _make_whole(enquiry: Enquiry, message: Message, hours, *, at: datetime) -> None:
    if enquiry.topic == Topic.ABSENCE:
        first = next_school_day(message.sent_at, hours) or hours.local_date(message.sent_at)
        Absence.objects.create(
            enquiry=enquiry, first_day=first, part=DayPart.WHOLE, reason=AbsenceReason.OTHER
        )
    if enquiry.topic == Topic.COMPLAINT:
        open_complaint(enquiry, ComplaintAbout.SCHOOL, at=at)
