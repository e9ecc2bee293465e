from accounts.calendar.services import reschedule_notices
from malpas.lib.hours import SchoolHours
from moderation.notifications import KINDS


def reschedule(hours: SchoolHours) -> int:
    """Reschedule moderation's pending notifications by new hours; return how many changed."""
    return reschedule_notices(KINDS, hours)
