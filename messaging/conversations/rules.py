"""Decide rights in a conversation, and which times suit a meeting.

No query, no request, no clock.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import override

from accounts.actor import Actor
from accounts.enums import Language
from malpas.lib.hours import DayHours, SchoolHours

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from messaging.models.conversations import Message

MEETING_DAYS_AHEAD = 60
AROUND_HOURS = timedelta(hours=1)  # a meeting may be so long before staff begin or after they end


def may_change(message: Message, actor: Actor) -> bool:
    """Tell whether this side may change or withdraw the message (TE-4, PA-6).

    Whether it is still pending is decided by the database's clock.
    """
    return message.author_id == actor.user.pk and not actor.is_pupil


def may_oversee(actor: Actor) -> bool:
    """Tell whether this person may read any conversation and suspend messaging (TE-7).

    Senior leaders may; reading only, with a reason.
    """
    return actor.is_slt


def may_write_to_many(actor: Actor) -> bool:
    """Tell whether this account may write to several families (TE-2).

    A class account with a named person may; nobody writes to the whole school.
    """
    return actor.is_class and actor.staff is not None


def body_without_label(name: StrPromise, body: str) -> str:
    """Return the text of a message without the label of its proposal.

    The label stands above it on the page, in the reader's language; the text is in the family's, so both
    are tried.
    """
    for language in Language.values:
        with override(language):
            label = f"{name}."
        if body == label or body.startswith(f"{label} "):
            return body[len(label) :].lstrip()
    return body


def times_after_school(now: datetime, hours: SchoolHours, number: int = 3) -> list[datetime]:
    """Return the first times (UTC) that a class may offer (TE-8).

    A quarter of an hour after lessons on each of the next school days; fewer where the calendar ends.
    """
    found: list[datetime] = []
    for ahead in range(1, MEETING_DAYS_AHEAD):
        on = hours.local_date(now) + timedelta(days=ahead)
        day = hours.day(on)
        if day is None or len(found) == number:
            continue
        at = _after_lessons(on, day, hours)
        if time_problem(at, now=now, hours=hours) is None:
            found.append(at)
    return found


def times_to_offer(now: datetime, hours: SchoolHours, days: int = 5) -> list[datetime]:
    """Return times (UTC) that a parent may tap: before and after lessons of the next school days.

    When staff begin, and a quarter of an hour after lessons; fewer where the calendar ends or a day is short.
    """
    found: list[datetime] = []
    for ahead in range(1, MEETING_DAYS_AHEAD):
        on = hours.local_date(now) + timedelta(days=ahead)
        day = hours.day(on)
        if day is None:
            continue
        before, after = hours.instant(on, day.working.start), _after_lessons(on, day, hours)
        times = [after] if before >= hours.instant(on, day.teaching.start) else [before, after]
        found += [time for time in times if time_problem(time, now=now, hours=hours) is None]
        days -= 1
        if not days:
            break
    return found


def _after_lessons(on: date, day: DayHours, hours: SchoolHours) -> datetime:
    ends = hours.instant(on, day.teaching.end)
    return ends + timedelta(minutes=15 - ends.minute % 15)


class TimeProblem(StrEnum):
    PAST = "past"
    UNREAD = "unread"
    TOO_FAR = "too_far"
    NO_SCHOOL = "no_school"
    OUT_OF_HOURS = "out_of_hours"


def time_problem(at: datetime, *, now: datetime, hours: SchoolHours) -> TimeProblem | None:
    """Return why nobody could meet at `at` (UTC), or None (PA-8, TE-8).

    It must be later than this message arrives, within sixty days, on a school day, and at most an hour
    before or after staff are there.
    """
    if at <= now:
        return TimeProblem.PAST
    if at <= hours.release(now):
        return TimeProblem.UNREAD
    if at > now + timedelta(days=MEETING_DAYS_AHEAD):
        return TimeProblem.TOO_FAR
    on = hours.local_date(at)
    day = hours.day(on)
    if day is None:
        return TimeProblem.NO_SCHOOL
    first = hours.instant(on, day.working.start) - AROUND_HOURS
    last = hours.instant(on, day.working.end) + AROUND_HOURS
    return None if first <= at <= last else TimeProblem.OUT_OF_HOURS
