"""Decide and calculate for points: no query, no request, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from accounts.actor import Actor
from malpas.lib.hours import LONDON, SchoolHours
from points.enums import Period
from points.limits import UNDO_WINDOW

if TYPE_CHECKING:
    from points.models import Award

FLOWERS = 30
LOOK_BACK_WEEKS = 53 * 12
LOOK_BACK_DAYS = 400
UNNOTICED_DAYS = 5


def may_award(by: Actor) -> bool:
    """Return whether a named person is at a class account (TE-1, TE-2)."""
    return by.is_class and by.staff is not None


def may_read_report(by: Actor) -> bool:
    """Return whether the actor may read a class's or the school's points.

    SLT: the whole school. A class account with a named person: its own class (TE-1, TE-2).
    """
    return by.is_slt or may_award(by)


def undo_ends(given_at: datetime) -> datetime:
    """Return the moment from which an award cannot be undone (PU-3)."""
    return given_at + UNDO_WINDOW


def may_undo(award: Award, by: Actor, at: datetime) -> bool:
    """Return whether this actor may undo the award at this moment (PU-3).

    Within ten minutes, once, and only at the account that gave it.
    """
    mine = may_award(by) and award.account_id == by.user.pk
    return mine and award.undone_at is None and at < undo_ends(award.given_at)


def digest_due(at: datetime, hours: SchoolHours) -> datetime | None:
    """Return the end of today's lessons (UTC) if the digest is due.

    It is due from the end of lessons to the end of working hours; otherwise None. Families are notified once, at the
    end of a school day, and never in quiet hours (PU-3, TE-4).
    """
    today = hours.local_date(at)
    day = hours.day(today)
    if day is None or not hours.is_open(at):
        return None
    lessons_end = hours.instant(today, day.teaching.end)
    return lessons_end if lessons_end <= at else None


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins in London."""
    return datetime.combine(day, time(), LONDON)


def week_began(at: datetime) -> datetime:
    """Return Monday's midnight in London of the week of `at`."""
    return midnight(monday_of(at.astimezone(LONDON).date()))


def period_began(period: str, today: date, hours: SchoolHours) -> date | None:
    """Return the first day of the term or school year.

    None for all time. In a holiday the term before counts.
    """
    year = date(today.year if today.month >= 9 else today.year - 1, 9, 1)
    if period == Period.TERM:
        return max((first for first, _ in hours.terms if first <= today), default=year)
    return year if period == Period.YEAR else None


@dataclass(frozen=True)
class Week:
    """A week of the chart, by its Monday.

    Weeks without school in a row are one gap.
    """

    monday: date
    is_gap: bool = False


def is_school_week(monday: date, hours: SchoolHours) -> bool:
    return any(hours.is_school_day(monday + timedelta(days=n)) for n in range(7))


def school_weeks(
    today: date,
    hours: SchoolHours,
    with_points: Iterable[date],
    columns: int = LOOK_BACK_WEEKS,
    since: date | None = None,
) -> list[Week]:
    """Return the newest `columns` weeks up to today, oldest first.

    None is before the week of `since`. `with_points`: Mondays whose week earned points. A week without school days
    and without points is a gap; the chart never starts with one.
    """
    earned, first_day = set(with_points), min((first for first, _ in hours.terms), default=today)
    first_monday = monday_of(since) if since else min([monday_of(first_day), *earned])
    weeks: list[Week] = []
    monday = monday_of(today)
    for _ in range(LOOK_BACK_WEEKS):
        is_gap = monday not in earned and not is_school_week(monday, hours)
        if is_gap and weeks and weeks[0].is_gap and monday >= first_monday:
            weeks[0] = Week(monday, is_gap=True)
        elif len(weeks) < columns and monday >= first_monday:
            weeks.insert(0, Week(monday, is_gap))
        else:
            break
        monday -= timedelta(days=7)
    return weeks[1:] if weeks and weeks[0].is_gap else weeks


def noticed_since(today: date, hours: SchoolHours, days: int = UNNOTICED_DAYS) -> date:
    """Return the first of the last `days` school days, today included (TE-1).

    Weekends and holidays do not count: after half-term nobody is behind. Looks back at most LOOK_BACK_DAYS.
    """
    found = today
    for back in range(LOOK_BACK_DAYS):
        day = today - timedelta(days=back)
        if hours.is_school_day(day):
            found, days = day, days - 1
        if days < 1:
            break
    return found


def goal_begins(goal: int, since: datetime, gathered: int, at: datetime) -> datetime:
    """Return since when points count towards a changed goal.

    `goal` is the old goal, counted since `since`, with `gathered` points. Changing a goal before it is reached keeps
    what the class has gathered. After one that was reached the next starts anew: nothing is ever taken back (PU-3).
    """
    return at if gathered >= goal else since
