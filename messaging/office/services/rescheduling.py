"""Reschedule answers and states when the calendar changes (TE-4)."""

from datetime import datetime

from accounts.calendar.services import reschedule_notices
from accounts.models.school import School
from malpas.lib.hours import SchoolHours
from messaging.models.entries import Entry
from messaging.office.recheck import ENQUIRY
from messaging.office.services.enquiry_state import reschedule_states


def reschedule_answers(hours: SchoolHours) -> int:
    """Reschedule pending answers, states and notifications by new hours.

    Returns how many answers moved.
    """
    school = School.objects.here()
    assert school.now is not None
    release = hours.release(school.now)
    moved = _reschedule_entries(release)
    reschedule_states(release)
    reschedule_notices((ENQUIRY,), hours)
    return moved


def _reschedule_entries(release: datetime) -> int:
    """Move pending answers to `release` (UTC); return how many.

    The number is on record, so the governor's answers move uncounted (PA-7).
    """
    moving = Entry.objects.pending().exclude(release_at=release)
    moving.filter(enquiry__is_sealed=True).update(release_at=release)
    return moving.filter(enquiry__is_sealed=False).update(release_at=release)
