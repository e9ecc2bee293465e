"""Decide how long an absence counts, and when the office telephones (PA-13).

No query, no request, no clock.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from messaging.enums import DayPart
from messaging.office.rules.enquiries import DAYS_UNKNOWN

if TYPE_CHECKING:
    from messaging.models.absences import Absence


def is_open_ended(absence: Absence) -> bool:
    """Tell whether a report names no day back."""
    return absence.back_on is None and absence.part == DayPart.WHOLE


def ends_without_word(absence: Absence) -> date:
    """Find the first day on which such a report no longer counts."""
    return absence.first_day + timedelta(days=DAYS_UNKNOWN)


def needs_call(absence: Absence, day: date, word_on: date) -> bool:
    """Tell whether the office telephones on `day` (PA-13).

    No day back is known, and the family last wrote before `day`.
    """
    return is_open_ended(absence) and day > absence.first_day and word_on < day
