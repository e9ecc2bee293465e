from accounts.calendar.services import retime_notices
from malpas.lib.hours import SchoolHours
from moderation.notifications import KINDS


def retime(hours: SchoolHours) -> int:
    """Gives what moderation has yet to tell its time by new hours; how many moved. Called when the calendar changes."""
    return retime_notices(KINDS, hours)
