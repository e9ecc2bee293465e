"""Format days and times in London time, in the reader's language.

Faster than Django's `date` filter, which parses its format each time: a page of thirty messages needs ninety of them.
"""

from datetime import UTC, date, datetime, time, timedelta

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.text import capfirst
from django.utils.timezone import localtime


def day_and_time(at: datetime) -> str:
    """Return a moment as 'Monday 08:30', like the format "l H:i"."""
    local = localtime(at)
    return f"{WEEKDAYS[local.weekday()]} {local:%H:%M}"


def end_of_day(at: datetime) -> datetime:
    """Return the last moment (UTC) of this moment's day in London: a printed day counts until its end."""
    local = localtime(at)
    following = datetime.combine(local.date() + timedelta(days=1), time.min, tzinfo=local.tzinfo)
    return following.astimezone(UTC) - timedelta(microseconds=1)


def day_words(day: date) -> str:
    """Return a day as 'Monday 9 November', like the format "l j F", with a capital letter in Welsh too."""
    return capfirst(f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month]}")
