"""Say on every page that school is closed, today or tomorrow."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.calendar.hours import school_hours
from accounts.enums import ClosureKind
from accounts.models.school import School
from malpas.lib.hours import NamedDays, SchoolHours


def closed_notices(school: School) -> list[str]:
    """Return a sentence for each closure of today and tomorrow; no query beyond the hours'."""
    hours = school_hours(school)
    return list(_sentences(hours, hours.local_date(school.now)))


def _sentences(hours: SchoolHours, today: date) -> Iterator[str]:
    for on in (today, today + timedelta(days=1)):
        for each in hours.named:
            if _is_news(each, hours, on) and not (on > today and each.starts <= today):
                yield _sentence(each, on, is_today=on == today)


def _is_news(each: NamedDays, hours: SchoolHours, on: date) -> bool:
    """Return whether this closure takes a school day away or shortens it; holidays are no news."""
    unplanned = each.kind == ClosureKind.CLOSED or each.closes_at is not None
    in_term = any(first <= on <= last for first, last in hours.terms)
    return unplanned and each.starts <= on <= each.ends and in_term and on.weekday() in hours.week


def _sentence(each: NamedDays, on: date, *, is_today: bool) -> str:
    why = (each.name_cy if get_language() == "cy" else "") or each.name
    known = {"why": why, "day": date_format(on, "l j F"), "last": date_format(each.ends, "l j F")}
    if each.closes_at:
        known["time"] = f"{each.closes_at:%H:%M}"
        today, later = (
            _("School closes at %(time)s today, %(day)s: %(why)s."),
            _("School closes at %(time)s tomorrow, %(day)s: %(why)s."),
        )
    elif each.ends > on:
        today, later = (
            _("School is closed today and until %(last)s: %(why)s."),
            _("School is closed from tomorrow, %(day)s, until %(last)s: %(why)s."),
        )
    else:
        today, later = (
            _("School is closed today, %(day)s: %(why)s."),
            _("School is closed tomorrow, %(day)s: %(why)s."),
        )
    return (today if is_today else later) % known
