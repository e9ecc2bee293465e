from accounts.calendar.services import reschedule_notices
from malpas.lib.hours import SchoolHours
from moderation.notifications import KINDS


def reschedule(hours: SchoolHours) -> int:
    """Gives what moderation has yet to tell its time by new hours; how many moved. Called when the calendar changes."""
    return reschedule_notices(KINDS, hours)
