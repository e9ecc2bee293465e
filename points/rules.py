"""Pure predicates and figures of points: no query, no request, no clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from accounts.actor import Actor
from malpas.lib.hours import LONDON, SchoolHours
from points.enums import Period

if TYPE_CHECKING:
    from points.models import Award

UNDO_MINUTES = 10
UNDO_WINDOW = timedelta(minutes=UNDO_MINUTES)
FLOWERS = 30
LOOK_BACK_WEEKS = 60


def may_award(by: Actor) -> bool:
    """Points are given at a class account by somebody who has said who they are (TE-1, TE-2)."""
    return by.is_class and by.staff is not None


def undo_ends(given_at: datetime) -> datetime:
    """The first moment at which an award given then stands for good (PU-3)."""
    return given_at + UNDO_WINDOW


def may_undo(award: Award, by: Actor, at: datetime) -> bool:
    """A slip of the finger: within ten minutes, once, by whoever is at the account that gave it (PU-3)."""
    mine = may_award(by) and award.account_id == by.user.pk
    return mine and award.undone_at is None and at < undo_ends(award.given_at)


def board_names(pupils: Sequence[tuple[str, str]]) -> list[str]:
    """First names for the board, from (first name, surname); two who share one get their surname's initial."""
    shared = Counter(first.casefold() for first, _ in pupils)
    return [
        f"{first} {surname[:1]}." if shared[first.casefold()] > 1 and surname else first
        for first, surname in pupils
    ]


def parcel_due(at: datetime, hours: SchoolHours) -> datetime | None:
    """The end of today's lessons (UTC) once it is past and staff are still at work; else None.

    Families hear of points together, at the end of a school day, and never in quiet hours (PU-3, TE-4).
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
    """The instant at which a day begins in London."""
    return datetime.combine(day, time(), LONDON)


def week_began(at: datetime) -> datetime:
    """Monday's midnight of the week that `at` lies in, in London."""
    return midnight(monday_of(at.astimezone(LONDON).date()))


def period_began(period: str, today: date, hours: SchoolHours) -> date | None:
    """First day of this term (in a holiday, of the one before) or of the school year; None for all time."""
    year = date(today.year if today.month >= 9 else today.year - 1, 9, 1)
    if period == Period.TERM:
        return max((first for first, _ in hours.terms if first <= today), default=year)
    return year if period == Period.YEAR else None


@dataclass(frozen=True)
class Week:
    """A week of the chart by its Monday; a run of weeks without school is one gap, never a nought."""

    monday: date
    is_gap: bool = False


def is_school_week(monday: date, hours: SchoolHours) -> bool:
    return any(hours.is_school_day(monday + timedelta(days=n)) for n in range(7))


def school_weeks(
    today: date, hours: SchoolHours, with_points: Iterable[date], columns: int = 6
) -> list[Week]:
    """The newest `columns` weeks up to today, oldest first. `with_points`: Mondays whose week earned points.

    A week without school days and without points is a gap; the chart never starts with one.
    """
    earned, first_day = set(with_points), min((first for first, _ in hours.terms), default=today)
    weeks: list[Week] = []
    monday = monday_of(today)
    for _ in range(LOOK_BACK_WEEKS):
        is_gap = monday not in earned and not is_school_week(monday, hours)
        if is_gap and weeks and weeks[0].is_gap:
            weeks[0] = Week(monday, is_gap=True)
        elif len(weeks) < columns and monday >= min([monday_of(first_day), *earned]):
            weeks.insert(0, Week(monday, is_gap))
        else:
            break
        monday -= timedelta(days=7)
    return weeks[1:] if weeks and weeks[0].is_gap else weeks
