"""Build the school's hours and the text of the quiet banner."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache

import holidays
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.models.school import Closure, School, Term, WorkingHours
from malpas.lib.dates import day_and_time
from malpas.lib.hours import NOT_YET_KNOWN, Banner, DayHours, NamedDays, SchoolHours, State, Window

WINDOWS = ("working", "reply", "arrival", "teaching")


def bank_holidays(years: set[int]) -> frozenset[date]:
    """Return the bank holidays of Wales in these years."""
    return frozenset(holidays.country_holidays("GB", subdiv="WLS", years=years)) if years else frozenset()


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _day_hours(row: WorkingHours) -> DayHours:
    return DayHours(*(Window(getattr(row, f"{w}_start"), getattr(row, f"{w}_end")) for w in WINDOWS))


def build_hours() -> SchoolHours:
    """Return the school's hours by the calendar as this transaction sees it."""
    terms = tuple(Term.objects.values_list("starts", "ends"))
    closed: set[date] = set()
    early: dict[date, time] = {}
    columns = ("kind", "name", "name_cy", "starts", "ends", "closes_at")
    named = tuple(NamedDays(*row) for row in Closure.objects.values_list(*columns))
    for each in named:
        if each.closes_at is None:
            closed.update(_days(each.starts, each.ends))
        else:  # two early ends of one day: the earlier wins
            early[each.starts] = min(each.closes_at, early.get(each.starts, each.closes_at))
    years = {year for first, last in terms for year in range(first.year, last.year + 1)}
    week = {row.weekday: _day_hours(row) for row in WorkingHours.objects.all()}
    closed |= bank_holidays(years)
    return SchoolHours(week=week, terms=terms, closed=frozenset(closed), early=early, named=named)


@lru_cache(maxsize=4)
def _hours_of_version(_version: int) -> SchoolHours:
    return build_hours()


def school_hours(school: School | None = None) -> SchoolHours:
    """Return the school's hours, rebuilt only after the calendar has changed (policy: Times)."""
    return _hours_of_version((school or School.objects.here()).calendar_version)


def forget_hours() -> None:
    """Drop the cached hours.

    For tests, and after a change that bypassed the service.
    """
    _hours_of_version.cache_clear()


@dataclass(frozen=True)
class BannerText:
    """The banner's text. `state`: quiet, teaching or open.

    `arrives`: 'Monday 08:30', or '' for at once.
    """

    state: str
    title: str
    body: str
    arrives: str = ""

    @property
    def line(self) -> str:
        """Say in one line what the hours are, and when what is written now arrives (TE-5)."""
        then = _("Arrives then.") if self.arrives else _("Arrives at once.")
        return f"{self.title}. {then}"


def _quiet_text(banner: Banner, staff: bool) -> BannerText:
    if banner.arrives_at == NOT_YET_KNOWN:
        body = _("The next term is not in the calendar yet. What you write waits until school opens.")
        return BannerText("quiet", _("Quiet until the next term"), body, _("the next term"))
    arrives = localtime(banner.arrives_at)
    when = {"day": date_format(arrives, "l j F"), "time": date_format(arrives, "H:i")}
    if staff:
        body = (
            _("What you write now goes out on %(day)s at %(time)s. You can change your mind until then.")
            % when
        )
    else:
        body = (
            _(
                "Write when it suits you. It arrives on %(day)s at %(time)s. Nobody is expected to answer before."
            )
            % when
        )
    title = _("Quiet until %(time)s") % {"time": day_and_time(arrives)}
    return BannerText("quiet", title, body, day_and_time(arrives))


def banner_text(school: School, *, staff: bool = False) -> BannerText:
    """Return the banner above the message field (TE-5, TE-6, PA-6, PA-12).

    For a parent or for staff.
    """
    assert school.now is not None
    hours = school_hours(school)
    banner = hours.banner(school.now)
    if banner.state == State.QUIET:
        return _quiet_text(banner, staff)
    if staff:
        title = _("Lessons are on") if banner.state == State.TEACHING else _("School is open")
        body = _("It arrives at once. Families see it when they look.")
        return BannerText("teaching" if banner.state == State.TEACHING else "open", title, body)
    if banner.state == State.TEACHING:
        body = _("Your message arrives at once. The children come first, so it may be seen after lessons.")
        return BannerText("teaching", _("Lessons are on"), body)
    if banner.state == State.ARRIVAL:
        body = _("Your message arrives at once. Staff aim to answer as soon as they can.")
    elif banner.state == State.REPLY:
        body = _("Your message arrives at once. An answer may come today or on the next school day.")
    else:
        body = _("Your message arrives at once. Please expect an answer on the next school day.")
    return BannerText("open", _("School is open"), body)


def office_hours_text(school: School) -> str:
    """Return when the office answers.

    The reply hours of the week's first school day.
    """
    week = school_hours(school).week
    if not week:
        return ""
    reply = week[min(week)].reply
    times = {"start": f"{reply.start:%H:%M}", "end": f"{reply.end:%H:%M}"}
    return _("School days, %(start)s to %(end)s") % times
