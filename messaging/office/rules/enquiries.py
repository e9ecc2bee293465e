"""Decide rights on an enquiry, and calculate its days.

No query, no request, no clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from accounts.actor import Actor
from malpas.lib.hours import SchoolHours
from messaging.enums import (
    ClubAbout,
    ComplaintAbout,
    DayPart,
    DinnerAbout,
    EnquiryState,
    EntryKind,
    NoReader,
    Topic,
)

if TYPE_CHECKING:
    from messaging.models.absences import Absence
    from messaging.models.conversations import Message
    from messaging.models.enquiries import Enquiry

MESSAGES_AN_HOUR = 20  # of one parent, to the office (AU-4)
DAYS_AHEAD = 14
DAYS_BACK = 31
DATA_DAYS = 30  # calendar days within which a complaint about data is acknowledged
STAGES = 3
STILL_OFF_DAYS = 7
GOING_HOME = (ClubAbout.COLLECTS, ClubAbout.NOT_COMING)
DAYS_UNKNOWN = 14  # how long an absence without a day back counts


def may_work_on(enquiry: Enquiry, actor: Actor) -> bool:
    """Tell whether this person works on the enquiry (PA-7).

    The office on all but complaints about the head, senior leaders on other complaints, only the governor
    on those about the head.
    """
    if enquiry.is_about_head:
        return actor.is_governor
    return actor.is_office or (actor.is_slt and enquiry.topic == Topic.COMPLAINT)


def may_work_at_office(actor: Actor) -> bool:
    """Tell whether this person has a list there.

    The office, leaders for complaints, the governor for those about the head.
    """
    return actor.is_office or actor.is_slt or actor.is_governor


def may_write(no_reader: NoReader | None) -> tuple[EntryKind, ...]:
    """Return what staff may write where answers have no reader.

    `no_reader`: why.
    Somebody without an account is told by telephone or letter; who has no access to the child, nothing.
    """
    if no_reader is None:
        return EntryKind.ANSWER, EntryKind.NOTE
    if no_reader == NoReader.NO_ACCESS:
        return (EntryKind.NOTE,)
    return EntryKind.CALL, EntryKind.LETTER, EntryKind.NOTE


def may_see_health(actor: Actor) -> bool:
    """Tell whether this person may see why a child is absent."""
    return actor.is_office or actor.is_safeguarding


def may_reroute(message: Message, actor: Actor, *, now: datetime) -> bool:
    """Tell whether a class may reroute this message to the office (PA-7).

    Only an arrived one of a family.
    """
    arrived = message.release_at <= now and message.withdrawn_at is None and message.hidden_at is None
    return actor.is_class and actor.staff is not None and not message.from_class and arrived


def school_day_after(day: date, days: int, hours: SchoolHours) -> date:
    """Return the day when `days` school days have passed after `day`.

    Beyond the known terms weekdays are counted.
    """
    last = max((end for _start, end in hours.terms), default=day)
    while days > 0:
        day += timedelta(days=1)
        days -= hours.is_school_day(day) if day <= last else day.weekday() < 5
    return day


def stage_due(about: str, number: int, day: date, hours: SchoolHours, stages: Sequence[int]) -> date:
    """Return the day by which a stage is answered.

    It begins on `day`. In school days; about data within thirty calendar days.
    """
    if about == ComplaintAbout.DATA and number == 1:
        return day + timedelta(days=DATA_DAYS)
    return school_day_after(day, stages[min(number, len(stages)) - 1], hours)


def is_open(enquiry: Enquiry) -> bool:
    return enquiry.state != EnquiryState.CLOSED


def covers(absence: Absence, day: date) -> bool:
    """Tell whether a child is away on `day`.

    Until the day back; without one, for the day or for DAYS_UNKNOWN days.
    """
    if day < absence.first_day:
        return False
    if absence.back_on:
        return day < absence.back_on
    if absence.part != DayPart.WHOLE:
        return day == absence.first_day
    return (day - absence.first_day).days < DAYS_UNKNOWN


def is_going_home_today(enquiry: Enquiry, today: date) -> bool:
    """Tell whether it says who goes home how today.

    Who collects a child, or that one stays away from a club.
    """
    about, day = enquiry.facts.get("about"), enquiry.facts.get("day")
    return enquiry.topic == Topic.CLUBS and about in GOING_HOME and day == today.isoformat()


def what_to_do(enquiry: Enquiry, today: date) -> str:
    """Return what the family should do besides waiting: 'telephone' or ''."""
    diet = enquiry.topic == Topic.DINNERS and enquiry.facts.get("about") == DinnerAbout.DIET
    return "telephone" if diet or is_going_home_today(enquiry, today) else ""


def still_off_until(absence: Absence) -> date:
    """Return the last day on which 'still off' is offered.

    A week after the child was to be back, or was last reported.
    """
    return (absence.back_on or absence.first_day) + timedelta(days=STILL_OFF_DAYS)


def school_days_since(sent_at: datetime, now: datetime, hours: SchoolHours) -> int:
    """Return the age in school days: 0 on the day it came."""
    first, today = hours.local_date(sent_at), hours.local_date(now)
    span = range(1, min((today - first).days, 400) + 1)
    return sum(hours.is_school_day(first + timedelta(days=n)) for n in span)


def next_school_day(now: datetime, hours: SchoolHours) -> date | None:
    """Return the next school day; today until staff have gone home.

    None beyond the last term.
    """
    today = hours.local_date(now)
    if hours.is_school_day(today) and (hours.is_open(now) or hours.local_date(hours.release(now)) == today):
        return today
    opening = hours.next_opening(now)
    return hours.local_date(opening) if opening else None


def office_answers(now: datetime, hours: SchoolHours) -> bool:
    """Tell whether somebody answers the office's telephone at `now`: reply hours."""
    today = hours.day(hours.local_date(now))
    return today is not None and now.astimezone(hours.zone).time() in today.reply


def office_opens(now: datetime, hours: SchoolHours) -> datetime | None:
    """Return when the office answers again (UTC).

    None when no school day is known for the next 90 days.
    """
    for offset in range(90):
        day = hours.local_date(now) + timedelta(days=offset)
        open_day = hours.day(day)
        if open_day and (opens := hours.instant(day, open_day.reply.start)) > now:
            return opens
    return None
