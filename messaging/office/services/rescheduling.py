"""Give answers of the office and states of enquiries their new times when the calendar changes (TE-4)."""

from datetime import datetime

from accounts.calendar.services import reschedule_notices
from accounts.models.school import School
from malpas.lib.hours import SchoolHours
from messaging.models.entries import Entry
from messaging.office.notifications import ENQUIRY
from messaging.office.services.enquiry_state import reschedule_states


def reschedule_answers(hours: SchoolHours) -> int:
    """Give pending answers, states and notices their times by new hours; return how many answers moved."""
    school = School.objects.here()
    assert school.now is not None
    release = hours.release(school.now)
    moved = _reschedule_entries(release)
    reschedule_states(release)
    reschedule_notices((ENQUIRY,), hours)
    return moved


def _reschedule_entries(release: datetime) -> int:
    """What the office has answered and a family has not seen yet goes out at `release` (UTC); how many moved.

    The number stands on record: the governor's answers move, too, and are not counted (PA-7).
    """
    moving = Entry.objects.pending().exclude(release_at=release)
    moving.filter(enquiry__is_sealed=True).update(release_at=release)
    return moving.filter(enquiry__is_sealed=False).update(release_at=release)
