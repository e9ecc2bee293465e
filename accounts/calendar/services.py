"""Change the school's hours or days, and reschedule pending rows.

Both happen in one transaction.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import time

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts import hooks
from accounts.actor import Actor
from accounts.audit import record
from accounts.calendar.hours import WINDOWS, build_hours
from accounts.clock import ThisInstant
from accounts.enums import DeliveryState
from accounts.models.notifications import Delivery, Notification
from accounts.models.school import Closure, School, Term, WorkingHours
from accounts.rules import check_leads
from malpas.lib.errors import RuleViolation
from malpas.lib.hours import SchoolHours


def lock_school_for_share() -> School:
    """Lock the school against changes of its hours until this transaction ends.

    Whoever locks several pending rows (messages, notices, mail) locks the school first, as a change of the
    calendar does, so that the two cannot deadlock (F15).
    """
    return School.objects.raw("SELECT * FROM accounts_school WHERE id = 1 FOR KEY SHARE")[0]


class LastDay(RuleViolation):
    sentence = _("Choose at least one school day. Without one the portal is always quiet.")


@dataclass
class CalendarChange:
    """`moved`: how many pending rows have a new time of arrival, once the change is made."""

    moved: int = 0


@contextmanager
def change_calendar(*, by: Actor | None, why: str) -> Iterator[CalendarChange]:
    """Wrap every change of hours, terms or closures (policy: Times).

    The audit entry holds each row before and after, and the total number of pending rows that were
    rescheduled: messages, answers, stories and notices. Raises LastDay.
    """
    with transaction.atomic():
        School.objects.select_for_update().filter(pk=1).first()
        before, change = _as_it_stands(), CalendarChange()
        yield change
        after = _as_it_stands()
        if _has_school(before) and not _has_school(after):
            raise LastDay
        School.objects.filter(pk=1).update(calendar_version=F("calendar_version") + 1)
        hours = build_hours()  # not the cached ones: a rolled-back change must leave nothing behind
        change.moved = sum(hooks.reschedule.call_all(hours)) + _reschedule_own(hours)
        changed = _changed(before, after)
        record("calendar.changed", by=by, why=why, moved=change.moved, changed=changed)


HOURS_CONFIRMED = "hours of the week"  # an audit entry's `why`


def keep_hours(times: Mapping[str, time], weekdays: Collection[int], *, by: Actor) -> int:
    """Give these weekdays the same hours; the other days have no school.

    Unchanged hours make an audit entry, too: a leader has looked at them. `times`: by column, such as
    `working_start`. Return how many pending rows moved. Raises PermissionDenied for all but leaders, LastDay.
    """
    check_leads(by)
    with change_calendar(by=by, why=HOURS_CONFIRMED) as change:
        WorkingHours.objects.exclude(weekday__in=weekdays).delete()
        for weekday in weekdays:
            WorkingHours.objects.update_or_create(weekday=weekday, defaults=dict(times))
    return change.moved


def keep_hours_of_day(weekday: int, times: Mapping[str, time] | None, *, by: Actor) -> int:
    """Give one weekday hours of its own, or none: then there is no school on it.

    Return how many pending rows moved. Raises PermissionDenied for all but leaders, LastDay.
    """
    check_leads(by)
    with change_calendar(by=by, why=HOURS_CONFIRMED) as change:
        if times is None:
            WorkingHours.objects.filter(weekday=weekday).delete()
        else:
            WorkingHours.objects.update_or_create(weekday=weekday, defaults=dict(times))
    return change.moved


def _as_it_stands() -> dict[str, str]:
    """Return each row of the calendar as text.

    'term 3' → '2026-09-01 to 2026-12-18'.
    """
    rows = {
        f"term {pk}": f"{first} to {last}"
        for pk, first, last in Term.objects.values_list("pk", "starts", "ends")
    }
    for pk, kind, first, last, early in Closure.objects.values_list(
        "pk", "kind", "starts", "ends", "closes_at"
    ):
        rows[f"closure {pk}"] = f"{kind} {first} to {last}{f' from {early:%H:%M}' if early else ''}"
    edges = [f"{window}_{edge}" for window in WINDOWS for edge in ("start", "end")]
    for weekday, *times in WorkingHours.objects.values_list("weekday", *edges):
        rows[f"weekday {weekday}"] = " ".join(f"{time:%H:%M}" for time in times)
    return rows


def _has_school(rows: Mapping[str, str]) -> bool:
    """Return whether a day of the week has hours."""
    return any(name.startswith("weekday ") for name in rows)


def _changed(before: dict[str, str], after: dict[str, str]) -> dict[str, list[str | None]]:
    """Return (before, after) of each row that differs; None where there is none."""
    rows = sorted(before.keys() | after.keys())
    return {row: [before.get(row), after.get(row)] for row in rows if before.get(row) != after.get(row)}


def _reschedule_own(hours: SchoolHours) -> int:
    """Reschedule what no upper app knows.

    Alarms of lateness, and pending mail without a notice.
    """
    school = School.objects.here()
    assert school.now is not None
    release = hours.release(school.now)
    loose = Delivery.objects.filter(
        notification=None, state=DeliveryState.PENDING, any_hour=False, attempts=0
    )
    pending = loose.filter(next_attempt_at__gt=ThisInstant()).exclude(next_attempt_at=release)
    return reschedule_notices(("late",), hours) + pending.update(next_attempt_at=release)


@transaction.atomic
def reschedule_notices(kinds: Collection[str], hours: SchoolHours) -> int:
    """Reschedule pending notices of these kinds and their mail.

    Return how many (F37).
    """
    school = School.objects.here()
    assert school.now is not None
    release = hours.release(school.now)
    pending = Notification.objects.filter(kind__in=kinds, release_at__gt=ThisInstant())
    moved_ids = list(pending.exclude(release_at=release).select_for_update().values_list("pk", flat=True))
    Notification.objects.filter(pk__in=moved_ids).update(release_at=release)
    unsent = Delivery.objects.filter(notification__in=moved_ids, state=DeliveryState.PENDING)
    unsent.update(next_attempt_at=release)
    return len(moved_ids)
