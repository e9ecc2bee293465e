"""Decide how long an absence counts, and when the office telephones (PA-13).

No query, no request, no clock.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from malpas.lib.hours import SchoolHours
from messaging.enums import DayPart
from messaging.office.rules.enquiries import DAYS_UNKNOWN, covers, next_school_day

ASKS_FROM = 2  # school days without word
NEAR = 100  # days: longer than any holiday

if TYPE_CHECKING:
    from messaging.models.absences import Absence


def is_open_ended(absence: Absence) -> bool:
    """Tell whether a report names no day back."""
    return absence.back_on is None and absence.part == DayPart.WHOLE


def ends_without_word(absence: Absence) -> date:
    """Find the first day on which such a report no longer counts."""
    return absence.first_day + timedelta(days=DAYS_UNKNOWN)


def last_day(absence: Absence) -> date:
    """Return the last day on which an absence may count, whether there is school or not."""
    ends = ends_without_word(absence) if is_open_ended(absence) else absence.first_day + timedelta(days=1)
    return (absence.back_on or ends) - timedelta(days=1)


def may_change_absence(absence: Absence, today: date) -> bool:
    """Tell whether its family may change or cancel an absence: until its last day is over."""
    return absence.cancelled_at is None and today <= last_day(absence)


def is_on_coming_sheet(absence: Absence, sent_at: datetime, hours: SchoolHours) -> bool:
    """Tell whether a sheet that the office still reads names this absence.

    That of the day on which it was told, until staff have gone home, or of a later school day.
    """
    day = next_school_day(sent_at, hours)
    last = absence.back_on or (ends_without_word(absence) if is_open_ended(absence) else absence.first_day)
    day = max(day, absence.first_day) if day else None
    while day and day <= last:
        if hours.is_school_day(day) and covers(absence, day):
            return True
        day += timedelta(days=1)
    return False


def days_without_word(absence: Absence, day: date, word_on: date, hours: SchoolHours) -> int:
    """Count school days up to `day` without word from the family.

    The first is the one after the day of its last word, and after the first day of the absence.
    """
    since = max(word_on, absence.first_day)
    return sum(hours.is_school_day(since + timedelta(days=n)) for n in range(1, (day - since).days + 1))


def needs_call(absence: Absence, without_word: int) -> bool:
    """Tell whether the office telephones (PA-13).

    No day back is known, and this is the second school day without a word, or a later one.
    """
    return is_open_ended(absence) and without_word >= ASKS_FROM


def school_day_beside(day: date, step: int, hours: SchoolHours) -> date | None:
    """Return the school day before or after a day.

    `step`: -1 or 1. None where none is near.
    """
    for _n in range(NEAR):
        day += timedelta(days=step)
        if hours.is_school_day(day):
            return day
    return None
