"""What parents tell the Main Office: on its list at once, at any hour; only the notice waits (PA-7, PA-13)."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.calendar.hours import school_hours
from accounts.models.people import StaffMember
from accounts.models.school import School
from classes.models.pupils import Pupil
from malpas.lib.errors import RuleViolation
from malpas.lib.idempotency import replay
from messaging.conversations.services.send import TooMany, locked_hours, require_body
from messaging.enums import Alert, ComplaintAbout, EnquiryState, Topic
from messaging.models.enquiries import Absence, Complaint, Enquiry, Stage
from messaging.office.notifications import notify_office
from messaging.office.rules.allergy import names_allergy
from messaging.office.rules.enquiries import MESSAGES_AN_HOUR, may_work_on, stage_due
from messaging.office.services.enquiry_state import set_state
from messaging.writers import lock_writer

LETTERS = "23456789BCDFGHJKMNPQRTVWXYZ"  # no vowel makes a word, nothing looks like something else


class NotYourChild(RuleViolation):
    sentence = _("Please choose one of your own children.")


class NoGovernor(RuleViolation):
    sentence = _(
        "The school has not yet named the governor who reads complaints about the head teacher. Please write a "
        "letter to the chair of governors and leave it at the school, closed."
    )


class TakenByAnother(RuleViolation):
    sentence = _("Somebody else has already taken this.")


@dataclass(frozen=True)
class AbsenceFacts:
    """`back_on` None: not known yet. `symptom` is empty unless the reason is 'ill'."""

    first_day: date
    part: str
    reason: str
    symptom: str = ""
    back_on: date | None = None


def new_reference(topic: str) -> str:
    """Short, to be said over the telephone, one of 387 million: 'A 4K7 2MW'. It opens nothing by itself."""
    drawn = "".join(secrets.choice(LETTERS) for _sign in range(6))
    return f"{Topic(topic).letter} {drawn[:3]} {drawn[3:]}"


def alert_of(*texts: str) -> str:
    """Find the alert that these words give an enquiry.

    What its topic and form give it, the database adds.
    """
    return Alert.ALLERGY if names_allergy(*texts) else ""


def _own_children(pupils: Iterable[Pupil], by: Actor) -> list[Pupil]:
    chosen = {pupil.pk for pupil in pupils}
    own = list(Pupil.objects.of_parent(by.user).filter(pk__in=chosen))
    if not by.is_personal or len(own) != len(chosen):
        raise NotYourChild
    return own


def _refuse_a_flood(by: Actor, at: datetime) -> None:
    if (
        Enquiry.objects.filter(parent=by.user, sent_at__gt=at - timedelta(hours=1)).count()
        >= MESSAGES_AN_HOUR
    ):
        raise TooMany


def _replayed(first: Enquiry, absence: AbsenceFacts | None, **said: object) -> Enquiry:
    """What this key has told, when this press tells the same. Raises SentBefore."""
    enquiry = replay(first, **said)
    if absence:
        replay(enquiry.absence, **vars(absence))
    return enquiry


@transaction.atomic
def submit_enquiry(
    *,
    topic: str,
    pupils: Iterable[Pupil],
    by: Actor,
    at: datetime,
    key: UUID,
    body: str = "",
    phone: str = "",
    absence: AbsenceFacts | None = None,
    facts: dict[str, str] | None = None,
    about: str = "",
) -> Enquiry:
    """Puts an enquiry on the office's list now; the office's notice waits for its hours (PA-7, PA-13).

    `pupils` are children of `by`; `body` may be empty for an absence and where `facts` (see enums.FACTS) say
    it all. `about` is of a complaint (see enums.ComplaintAbout): one about the head teacher goes to the governor
    alone. The same `key` again gives the first enquiry. Raises SentBefore, NotYourChild, NoGovernor, NoWords, TooManyWords,
    TooMany.
    """
    kept = require_body(body) if body.strip() or not (absence or facts) else ""
    lock_writer(by.user)
    first = Enquiry.objects.filter(parent=by.user, key=key).first()
    if first is not None:
        return _replayed(first, absence, topic=topic, body=kept, phone=phone, facts=facts or {})
    children = _own_children(pupils, by)
    _refuse_a_flood(by, at)
    enquiry = Enquiry.objects.create(
        reference=new_reference(topic),
        topic=topic,
        parent=by.user,
        body=kept,
        phone=phone,
        facts=facts or {},
        alert=alert_of(kept, *(facts or {}).values()),
        key=key,
        sent_at=at,
        is_sealed=about == ComplaintAbout.HEAD,
    )
    enquiry.pupils.set(children)
    if absence:
        Absence.objects.create(enquiry=enquiry, **vars(absence))
    if topic == Topic.COMPLAINT:
        open_complaint(enquiry, about or ComplaintAbout.SCHOOL, at=at)
    notify_office(enquiry, release_at=locked_hours().release(at))
    return enquiry


def open_complaint(enquiry: Enquiry, about: str, *, at: datetime) -> None:
    """Says what a complaint is about and begins its first stage. Raises NoGovernor where nobody could read it."""
    if about == ComplaintAbout.HEAD and not StaffMember.objects.governors().reachable().exists():
        raise NoGovernor
    enquiry.complaint = Complaint.objects.create(enquiry=enquiry, about=about)
    begin_stage(enquiry, about, 1, at=at)


def begin_stage(
    enquiry: Enquiry, about: str, number: int, *, at: datetime, release_at: datetime | None = None
) -> Stage:
    """Opens a stage with the day by which it is answered, in school days (about data: within thirty days).

    `release_at` (UTC): when the family sees it; None: at once.
    """
    school = School.objects.here()
    hours = school_hours(school)
    due = stage_due(about, number, hours.local_date(at), hours, school.complaint_days)
    facts = {"began_at": at, "due_on": due, "release_at": release_at}
    return Stage.objects.create(enquiry=enquiry, number=number, **facts)


@transaction.atomic
def take_enquiry(enquiry: Enquiry, *, by: Actor, at: datetime) -> None:
    """Somebody at the office looks after it from now on. Raises TakenByAnother."""
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
    """It is done. A second press changes nothing."""
    if not may_work_on(enquiry, by):
        raise PermissionDenied
    release_at = locked_hours().release(at)
    undone = Enquiry.objects.select_for_update().filter(pk=enquiry.pk).exclude(state=EnquiryState.CLOSED)
    if (held := undone.first()) is not None:
        set_state(held, EnquiryState.CLOSED, release_at=release_at, closed_at=at)
        record("enquiry.closed", by=by, about=enquiry)
