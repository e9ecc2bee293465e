"""Add, change and remove terms and days without school; close school and open it again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.calendar.hours import build_hours
from accounts.calendar.overview import Calendar, may_edit_calendar, read_calendar, why_no_school
from accounts.calendar.services import change_calendar
from accounts.enums import ClosureKind
from accounts.models.audit import AuditEntry
from accounts.models.school import Closure, School, Term
from malpas.lib.db.saving import save_fields
from malpas.lib.errors import RuleViolation
from malpas.lib.hours import SchoolHours

Days = Term | Closure


class DaysRefused(RuleViolation):
    """The database refuses these days; the sentence says why."""


class DaysGone(RuleViolation):
    sentence = gettext_lazy("A colleague has taken this out of the calendar in the meantime.")


class DaysOver(RuleViolation):
    sentence = gettext_lazy("These days are over. They are kept on record.")


class ClosedAlready(RuleViolation):
    """School is closed on all of these days already."""


class NoSchoolAnyway(RuleViolation):
    """None of these days is a school day."""


class ClosesOutsideHours(RuleViolation):
    """School would close early before it begins, after it has ended, or on a day of the week without school."""


def _lock(by: Actor) -> School:
    """Lock the school's calendar for one who may change it."""
    if not may_edit_calendar(by):
        raise PermissionDenied
    School.objects.select_for_update().filter(pk=1).first()
    return School.objects.here()


def _checked(row: Days) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise DaysRefused(" ".join(error.messages)) from None


def check_early(on: date, closes_at: time | None, hours: SchoolHours) -> None:
    """Refuse an early closing that shortens nothing: it must lie within the hours of work of that weekday.

    Raises ClosesOutsideHours.
    """
    if closes_at is None:
        return
    day, known = hours.week.get(on.weekday()), {"day": date_format(on, "l j F")}
    if day is None:
        raise ClosesOutsideHours(_("There is no school on %(day)s: it cannot close early then.") % known)
    start, end = day.working.start, day.working.end
    if closes_at >= end:
        sentence = _("On %(day)s school ends at %(time)s as it is. Write an earlier time.")
        raise ClosesOutsideHours(sentence % {**known, "time": f"{end:%H:%M}"})
    if closes_at <= start:
        sentence = _(
            "On %(day)s school begins at %(time)s. Do the children not come at all? Then leave this empty."
        )
        raise ClosesOutsideHours(sentence % {**known, "time": f"{start:%H:%M}"})


def _same(row: Days, values: Mapping[str, object]) -> Days | None:
    """Return the row that an earlier press has made of the same values."""
    return type(row)._default_manager.filter(**values).first()


@transaction.atomic
def save_days(row: Days, values: Mapping[str, object], *, by: Actor) -> int:
    """Add these days, or change these columns of them; return how many pending rows moved.

    What is there already in the same words is not added again. Raises DaysRefused, ClosesOutsideHours, DaysGone.
    """
    _lock(by)
    stored: Days | None = type(row)()
    if row._state.adding:
        if _same(row, values):
            return 0
    else:
        stored = type(row)._default_manager.filter(pk=row.pk).first()
    if stored is None:
        raise DaysGone
    for name, value in values.items():
        setattr(stored, name, value)
    _checked(stored)
    if isinstance(stored, Closure) and {"starts", "closes_at"} & values.keys():
        check_early(stored.starts, stored.closes_at, build_hours())
    with change_calendar(by=by, why=f"{row._meta.model_name} {row.pk or 'new'}") as change:
        save_fields(stored, values)
    return change.moved


@transaction.atomic
def close_school(
    *, name: str, name_cy: str, first: date, last: date, closes_at: time | None, by: Actor
) -> tuple[Closure, int]:
    """Close school on these days, or from `closes_at` on; return the closure and how many pending rows moved.

    A repeat finds the first one. Raises ClosedAlready, NoSchoolAnyway, ClosesOutsideHours, DaysOver, DaysRefused.
    """
    school = _lock(by)
    values = {"kind": ClosureKind.CLOSED, "name": name, "name_cy": name_cy, "starts": first, "ends": last}
    closure = Closure(**values, closes_at=closes_at)
    if earlier := _same(closure, values | {"closes_at": closes_at}):
        assert isinstance(earlier, Closure)
        return earlier, 0
    _checked(closure)
    calendar = _calendar(school)
    if last < calendar.hours.local_date(school.now):
        raise DaysOver
    _check_open(calendar, first, last)
    check_early(first, closes_at, calendar.hours)
    with change_calendar(by=by, why="closed") as change:
        closure.save(force_insert=True)
    return closure, change.moved


def _calendar(school: School) -> Calendar:
    """Return the calendar as this transaction sees it."""
    return replace(read_calendar(school), hours=build_hours())


def _check_open(calendar: Calendar, first: date, last: date) -> None:
    """Refuse days on which there is no school as it is."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    if any(calendar.hours.is_school_day(on) for on in days):
        return
    known = {"day": date_format(first, "l j F"), "why": why_no_school(calendar, first)}
    whole = Q(kind=ClosureKind.CLOSED, closes_at=None)
    if Closure.objects.filter(whole, starts__lte=first, ends__gte=first).exists():
        raise ClosedAlready(_("School is closed already on %(day)s. %(why)s.") % known)
    raise NoSchoolAnyway(_("There is no school on %(day)s as it is: %(why)s.") % known)


@transaction.atomic
def remove_days(row: Days, *, by: Actor) -> int:
    """Take these days out of the calendar; return how many pending rows moved.

    Raises DaysGone, DaysOver.
    """
    school = _lock(by)
    stored = type(row)._default_manager.filter(pk=row.pk).first()
    if stored is None:
        raise DaysGone
    if stored.ends < _calendar(school).hours.local_date(school.now):
        raise DaysOver
    with change_calendar(by=by, why=_removal(type(row), row.pk)) as change:
        stored.delete()
    return change.moved


def _removal(model: type[Days], pk: int) -> str:
    return f"{model._meta.model_name} {pk} deleted"


def was_removed(model: type[Days], pk: int) -> bool:
    """Return whether somebody has taken these days out of the calendar."""
    return AuditEntry.objects.filter(verb="calendar.changed", detail__why=_removal(model, pk)).exists()
