"""Prepare the calendar page: the week, the next fortnight and warnings (policy: Times)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

import holidays
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.calendar.event_names import bank_holiday_name
from accounts.calendar.hours import school_hours
from accounts.models.school import Closure, School, Term, WorkingHours
from malpas.lib.hours import DayHours, SchoolHours, State

AHEAD, LONG_QUIET = timedelta(days=60), timedelta(days=21)


@dataclass(frozen=True)
class Calendar:
    """All that the school has entered, read once for a page."""

    hours: SchoolHours
    terms: list[Term]
    closures: list[Closure]


@dataclass(frozen=True)
class Day:
    """One day. `why`: why there is no school or it ends early.

    `clocks`: what the clocks do.
    """

    on: date
    hours: DayHours | None
    why: str
    clocks: str
    is_today: bool


@dataclass(frozen=True)
class Now:
    """The state now, until when, and when a message would arrive."""

    state: str
    until: str
    arrives: str


def may_edit_calendar(actor: Actor) -> bool:
    """Return whether the actor may enter hours and days.

    Office and senior leaders.
    """
    return actor.is_office or actor.is_slt


def read_calendar(school: School) -> Calendar:
    return Calendar(school_hours(school), list(Term.objects.all()), list(Closure.objects.all()))


@lru_cache(maxsize=8)
def _bank_holidays(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("GB", subdiv="WLS", years=year))


def bank_holiday(on: date) -> str:
    """Return a Welsh bank holiday's name in the reader's language, or ''."""
    name = _bank_holidays(on.year).get(on, "")
    return bank_holiday_name(name) if name else ""


def why_no_school(calendar: Calendar, on: date) -> str:
    """Return why the day has no school or ends early.

    '' on a whole school day.
    """
    if calendar.hours.day(on) is not None:
        early = [closure.title for closure in calendar.closures if closure.starts == on and closure.closes_at]
        return _("School closes early: %(why)s") % {"why": ", ".join(early)} if early else ""
    if on.weekday() not in calendar.hours.week:
        return _("Weekend") if on.weekday() > 4 else _("No school on this day of the week")
    if named := bank_holiday(on):
        return named
    closed = [closure for closure in calendar.closures if closure.starts <= on <= closure.ends]
    if closed:
        kinds = [str(closure.get_kind_display()) for closure in closed]
        return ", ".join(
            kind if kind == each.title else f"{kind}: {each.title}"
            for kind, each in zip(kinds, closed, strict=True)
        )
    return _("Outside every term")


def clocks_of(hours: SchoolHours, on: date) -> str:
    """Return what the clocks do between midnight and noon.

    '' on nearly all days.
    """
    night, noon = hours.instant(on, time()), hours.instant(on, time(12))
    gap = (noon - night) - timedelta(hours=12)
    if not gap:
        return ""
    if gap > timedelta():
        return _("The clocks go back an hour before dawn")
    return _("The clocks go forward an hour before dawn")


def fortnight(calendar: Calendar, today: date) -> list[Day]:
    """Return today and the thirteen days after it."""
    days = [today + timedelta(days=number) for number in range(14)]
    return [
        Day(
            on,
            calendar.hours.day(on),
            why_no_school(calendar, on),
            clocks_of(calendar.hours, on),
            on == today,
        )
        for on in days
    ]


def week(hours: SchoolHours, *, every_day: bool = False) -> list[tuple[str, DayHours | None]]:
    """Return (weekday, its four windows), Monday first; weekend days only where they have school."""
    names = dict(WorkingHours.WEEKDAYS)
    return [(str(names[n]), hours.week.get(n)) for n in range(7) if every_day or n < 5 or n in hours.week]


def now_text(hours: SchoolHours, at: datetime) -> Now:
    """Describe the moment `at` (UTC): 'Lessons', 'Tuesday 15:30', '' for at once."""
    state = hours.state(at)
    names = {
        State.QUIET: _("Quiet hours"),
        State.TEACHING: _("Lessons"),
        State.ARRIVAL: _("Staff answer as soon as they can"),
        State.REPLY: _("An answer may still come today"),
        State.WORKING: _("Staff are at work"),
    }
    ends, opens = hours.until(at), hours.next_opening(at)
    arrives = "" if hours.is_open(at) else (_full(opens) if opens else _("when the next term is entered"))
    return Now(str(names[state]), _full(ends) if ends else "", arrives)


def _full(at: datetime) -> str:
    """Return 'Thursday 12 November, 08:30', in London and the reader's language."""
    return date_format(localtime(at), "l j F, H:i")


def calendar_warnings(calendar: Calendar, at: datetime) -> list[str]:
    """Return a sentence for each likely omission or typing error.

    `at` in UTC.
    """
    hours, today = calendar.hours, calendar.hours.local_date(at)
    opens = hours.next_opening(at)
    checks = [
        (not hours.week, _("No day of the week has hours, so the portal is always quiet.")),
        (
            not any(term.ends >= today + AHEAD for term in calendar.terms),
            _(
                "No term reaches 60 days ahead. What is written after the last one waits, and we cannot say until when."
            ),
        ),
        (
            opens is not None and opens - at > LONG_QUIET,
            _("School opens next on %(day)s, more than 3 weeks from now. Is that right?")
            % {"day": _full(opens) if opens else ""},
        ),
        (
            not any(
                bank_holiday(date((today + AHEAD).year, month, day)) for month, day in ((12, 25), (1, 1))
            ),
            _("The bank holidays of the next 60 days are not known. The portal needs a newer version."),
        ),
    ]
    outside = [
        closure
        for closure in calendar.closures
        if closure.ends >= today and not _in_a_term(closure, calendar)
    ]
    lines = [sentence for applies, sentence in checks if applies]
    lines += [_("'%(name)s' lies outside every term.") % {"name": closure.title} for closure in outside]
    return lines + _overlaps(calendar.terms) + _odd_windows(hours)


def _in_a_term(closure: Closure, calendar: Calendar) -> bool:
    return any(term.starts <= closure.ends and closure.starts <= term.ends for term in calendar.terms)


def _overlaps(terms: list[Term]) -> list[str]:
    ordered = sorted(terms, key=lambda term: term.starts)
    pairs = pairwise(ordered)
    sentence = _("'%(one)s' and '%(other)s' have days in common.")
    return [sentence % {"one": a.title, "other": b.title} for a, b in pairs if b.starts <= a.ends]


def _odd_windows(hours: SchoolHours) -> list[str]:
    """Warn of days without lessons in working hours; the database allows them."""
    sentence = _("%(day)s: lessons lie outside the hours in which staff work.")
    return [
        sentence % {"day": name}
        for name, day in week(hours)
        if day and not (day.working.start <= day.teaching.start and day.teaching.end <= day.working.end)
    ]
