"""Open a complaint and lead it through its stages (PA-7)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.calendar.hours import school_hours
from accounts.models.people import StaffMember
from accounts.models.school import School
from malpas.lib.errors import RuleViolation
from messaging.enums import ComplaintAbout, EnquiryState, Topic
from messaging.locks import locked_hours
from messaging.models.complaints import Complaint, Stage
from messaging.models.enquiries import Enquiry
from messaging.office.rules.enquiries import (
    STAGES,
    stage_due,
)
from messaging.office.services.enquiry_state import lock_enquiry, reopen


class NoGovernor(RuleViolation):
    sentence = _(
        "The school has not yet named the governor who reads complaints about the head teacher. Please write a "
        "letter to the chair of governors and leave it at the school, closed."
    )


def open_complaint(enquiry: Enquiry, about: str, *, at: datetime) -> None:
    """Store what a complaint is about, and begin its first stage.

    Raises NoGovernor where nobody could read it.
    """
    if about == ComplaintAbout.HEAD and not StaffMember.objects.governors().reachable().exists():
        raise NoGovernor
    enquiry.complaint = Complaint.objects.create(enquiry=enquiry, about=about)
    begin_stage(enquiry, about, 1, at=at)


def begin_stage(
    enquiry: Enquiry, about: str, number: int, *, at: datetime, release_at: datetime | None = None
) -> Stage:
    """Begin a stage, due in school days (about data: within thirty days).

    `release_at` (UTC): when the family sees it; None: at once.
    """
    school = School.objects.here()
    hours = school_hours(school)
    due = stage_due(about, number, hours.local_date(at), hours, school.complaint_days)
    facts = {"began_at": at, "due_on": due, "release_at": release_at}
    return Stage.objects.create(enquiry=enquiry, number=number, **facts)


class LastStage(RuleViolation):
    sentence = _("This complaint has gone through all its stages.")


@transaction.atomic
def next_stage(enquiry: Enquiry, *, number: int, by: Actor, at: datetime) -> Stage:
    """Move a complaint on to stage `number`. Raises LastStage.

    A repeated request returns the first.
    """
    release_at = locked_hours().release(at)
    locked = lock_enquiry(enquiry, by)
    stages = Stage.objects.filter(enquiry=locked)
    if reached := stages.filter(number__gte=number).first():
        return reached
    if locked.topic != Topic.COMPLAINT or number > STAGES or number != stages.count() + 1:
        raise LastStage
    stages.filter(ended_at__isnull=True).update(ended_at=at)
    stage = begin_stage(locked, locked.complaint.about, number, at=at, release_at=release_at)
    if locked.state == EnquiryState.CLOSED:
        reopen(locked, release_at=release_at)
    record("complaint.stage", by=by, about=locked, number=number)
    return stage
