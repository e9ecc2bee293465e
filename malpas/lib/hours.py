"""Calculate the school's hours from one pure value: no query, no clock.

Wall-clock times become UTC through zoneinfo first, and every comparison is in UTC, so the two nights a year when clocks
change need no special case. Windows are half-open: 08:30:00 is open, 17:00:00 is quiet.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
HORIZON_DAYS = 800

# The time of arrival beyond the last known term. It is replaced when the school enters its next term.
NOT_YET_KNOWN = datetime(9999, 1, 1, tzinfo=UTC)


class State(StrEnum):
    """The narrowest window that holds at a moment (TE-5, TE-6, PA-6, PA-12)."""

    QUIET = "quiet"
    TEACHING = "teaching"
    ARRIVAL = "arrival"
    REPLY = "reply"
    WORKING = "working"


@dataclass(frozen=True)
class Window:
    start: time
    end: time

    def __contains__(self, at: time) -> bool:
        return self.start <= at < self.end


@dataclass(frozen=True)
class DayHours:
    working: Window
    reply: Window
    arrival: Window
    teaching: Window

    def until(self, end: time) -> "DayHours":
        """Return the hours of a day on which school closes at `end`: no window reaches beyond it."""
        windows = (self.working, self.reply, self.arrival, self.teaching)
        return DayHours(*(Window(each.start, max(each.start, min(each.end, end))) for each in windows))


@dataclass(frozen=True)
class Banner:
    """The notice above a text field: the state now, and when a message written now arrives."""

    state: State
    arrives_at: datetime | None  # UTC, or None for at once


@dataclass(frozen=True)
class NamedDays:
    """A closure as people read of it: why, in both languages, and its days; `closes_at`: one day's early end."""

    kind: str
    name: str
    name_cy: str
    starts: date
    ends: date
    closes_at: time | None


@dataclass(frozen=True)
class SchoolHours:
    """The school's week, terms and closures.

    `week`: hours by weekday (Monday 0); a missing weekday has no school. `terms`: inclusive date ranges. `closed`: single
    days. `early`: school days on which school closes at this time of day. `named`: the closures with their names.
    """

    week: Mapping[int, DayHours]
    terms: tuple[tuple[date, date], ...]
    closed: frozenset[date] = frozenset()
    zone: ZoneInfo = LONDON
    early: Mapping[date, time] = field(default_factory=dict)
    named: tuple[NamedDays, ...] = ()

    def day(self, on: date) -> DayHours | None:
        """Return the hours of a school day, or None for a weekend, a closure or a day outside every term."""
        in_term = any(first <= on <= last for first, last in self.terms)
        hours = self.week.get(on.weekday()) if in_term and on not in self.closed else None
        if hours is None or on not in self.early:
            return hours
        return hours.until(self.early[on]) if self.early[on] > hours.working.start else None

    def is_school_day(self, on: date) -> bool:
        return self.day(on) is not None

    def _working(self, on: date) -> tuple[datetime, datetime] | None:
        hours = self.day(on)
        if hours is None:
            return None
        opens, closes = self.instant(on, hours.working.start), self.instant(on, hours.working.end)
        return (opens, closes) if opens < closes else None

    def instant(self, on: date, at: time) -> datetime:
        """Return a wall-clock time as UTC.

        In the doubled hour it is the first occurrence; in the missing hour the offset of the hour before applies.
        """
        return datetime.combine(on, at, self.zone).astimezone(UTC)

    def local_date(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def is_open(self, at: datetime) -> bool:
        """Return whether `at` lies in working hours, in which staff may send, answer and post (TE-4)."""
        window = self._working(self.local_date(at))
        return window is not None and window[0] <= at.astimezone(UTC) < window[1]

    def _openings(self, first: date) -> Iterator[datetime]:
        last_known = max((last for _, last in self.terms), default=first)
        for offset in range(min(HORIZON_DAYS, (last_known - first).days + 1)):
            window = self._working(first + timedelta(days=offset))
            if window:
                yield window[0]

    def next_opening(self, at: datetime) -> datetime | None:
        """Return the first opening after `at` (UTC), or None when no later term is known."""
        moment = at.astimezone(UTC)
        return next((opens for opens in self._openings(self.local_date(at)) if opens > moment), None)

    def release(self, at: datetime) -> datetime:
        """Return when something written at `at` arrives (UTC).

        At once in working hours, else at the next opening, or NOT_YET_KNOWN.
        """
        if self.is_open(at):
            return at.astimezone(UTC)
        return self.next_opening(at) or NOT_YET_KNOWN

    def state(self, at: datetime) -> State:
        """Return the narrowest window that holds: teaching, then arrival, reply, working."""
        if not self.is_open(at):
            return State.QUIET
        local = at.astimezone(self.zone)
        hours = self.day(local.date())
        assert hours is not None
        for state, window in (
            (State.TEACHING, hours.teaching),
            (State.ARRIVAL, hours.arrival),
            (State.REPLY, hours.reply),
        ):
            if local.time() in window:
                return state
        return State.WORKING

    def until(self, at: datetime) -> datetime | None:
        """Return when the state at `at` ends (UTC), or None when no later opening is known."""
        now, on, moment = self.state(at), self.local_date(at), at.astimezone(UTC)
        if now == State.QUIET:
            return self.next_opening(at)
        day = self.day(on)
        assert day is not None
        windows = (day.working, day.reply, day.arrival, day.teaching)
        edges = sorted(self.instant(on, edge) for each in windows for edge in (each.start, each.end))
        return next(edge for edge in edges if edge > moment and self.state(edge) != now)

    def banner(self, at: datetime) -> Banner:
        """Return the banner for somebody who writes at `at`."""
        state = self.state(at)
        return Banner(state, None if state != State.QUIET else self.release(at))
