"""Days and hours as pages say them, in London and in the reader's language.

Django's `date` filter reads its format letter by letter each time; a page of thirty messages says ninety of these.
"""

from datetime import date, datetime

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.text import capfirst
from django.utils.timezone import localtime


def day_and_time(at: datetime) -> str:
    """'Monday 08:30', as the format "l H:i"."""
    local = localtime(at)
    return f"{WEEKDAYS[local.weekday()]} {local:%H:%M}"


def day_words(day: date) -> str:
    """'Monday 9 November', as the format "l j F"; in Welsh, too, with a capital letter."""
    return capfirst(f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month]}")
