"""Who may do what in a conversation, and which times for a meeting make sense. No query, no request, no clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import override

from accounts.actor import Actor
from accounts.enums import Language
from malpas.lib.hours import SchoolHours

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from messaging.models.conversations import Message

MEETING_DAYS_AHEAD = 60
AROUND_HOURS = timedelta(hours=1)  # before staff begin and after they end, a meeting may still be


def may_change(message: Message, actor: Actor) -> bool:
    """Its own side may change or withdraw it; whether it still waits is for the database's clock (TE-4, PA-6)."""
    return message.author_id == actor.user.pk and not actor.is_pupil


def may_oversee(actor: Actor) -> bool:
    """Senior leaders look into a conversation, and stop messages; reading only, with a reason (TE-7)."""
    return actor.is_slt


def may_write_to_many(actor: Actor) -> bool:
    """A class account with a name at it writes to several of its families; nobody writes to the whole school (TE-2)."""
    return actor.is_class and actor.staff is not None


def body_without_label(name: StrPromise, body: str) -> str:
    """What a card's message says besides the card's own name, which stands above it: 'We will telephone.' says nothing
    more. The words are in the family's language, the name in the reader's, so both languages are tried."""
    for language in Language.values:
        with override(language):
            said = f"{name}."
        if body == said or body.startswith(f"{said} "):
            return body[len(said) :].lstrip()
    return body


def times_after_school(now: datetime, hours: SchoolHours, number: int = 3) -> list[datetime]:
    """The first times (UTC) that a class may propose: a quarter hour after lessons on each of the next school days
    (TE-8). Fewer where the calendar ends."""
    found: list[datetime] = []
    for ahead in range(1, MEETING_DAYS_AHEAD):
        on = hours.local_date(now) + timedelta(days=ahead)
        day = hours.day(on)
        if day is None or len(found) == number:
            continue
        ends = hours.instant(on, day.teaching.end)
        at = ends + timedelta(minutes=15 - ends.minute % 15)
        if time_problem(at, now=now, hours=hours) is None:
            found.append(at)
    return found


class TimeProblem(StrEnum):
    PAST = "past"
    UNREAD = "unread"
    TOO_FAR = "too_far"
    NO_SCHOOL = "no_school"
    OUT_OF_HOURS = "out_of_hours"


def time_problem(at: datetime, *, now: datetime, hours: SchoolHours) -> TimeProblem | None:
    """Why nobody could meet at `at` (UTC), or None: later than this arrives, within sixty days, on a school day, at most an
    hour before or after staff are there (PA-8, TE-8)."""
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
