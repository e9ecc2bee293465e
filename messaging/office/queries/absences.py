"""Find out who is away on a day (PA-13).

One answer for the office's sheet, its download and the class's board.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max, Prefetch, Q, QuerySet
from django.http import Http404

from accounts.actor import Actor
from accounts.calendar.hours import school_hours
from classes.models.classrooms import Classroom
from classes.models.pupils import Pupil
from malpas.lib.db.plain import plain
from malpas.lib.hours import SchoolHours
from messaging.enums import EntryKind
from messaging.models.absences import Absence, AbsenceCode
from messaging.office.rules.absences import (
    days_without_word,
    ends_without_word,
    is_open_ended,
    needs_call,
)
from messaging.office.rules.enquiries import DAYS_UNKNOWN, covers, may_see_health

LAPSED_FOR = timedelta(days=7)
LONGEST = timedelta(days=200)


@dataclass(frozen=True)
class Away:
    """Hold one child on the absence sheet.

    `code`: the suggested register code, if any. `word_at`: when the family last wrote about it.
    `without_word`: school days since, this one included. `call`: the office telephones, because no day back
    is known. `until`: the last day on which such a report counts. `also`: what other adults reported of the
    same absence. `left`: the child left the school on this day.
    """

    pupil: Pupil
    absence: Absence
    code: str = ""
    word_at: datetime | None = None
    without_word: int = 0
    call: bool = False
    until: date | None = None
    also: tuple[Absence, ...] = ()
    left: bool = False


def away_on(
    day: date, hours: SchoolHours, reports: Iterable[Absence] | None = None
) -> dict[int, tuple[Pupil, Absence]]:
    """Return who is away on `day`: child id to child and report.

    `reports`: of that day, where they are read already. Nobody is away on a day without school. Of several
    reports the last counts; one without a day back ends with the next report that begins later.
    """
    by_child = _reports_by_child(_reports(day) if reports is None else reports, day, hours)
    return {
        pk: (pupil, their_reports[-1])
        for pk, (pupil, their_reports) in by_child.items()
        if pupil.left_on != day
    }


def _reports(day: date) -> QuerySet[Absence]:
    """Select reports that may decide who is away, oldest first.

    With their children of that day, and those who left on it.
    """
    open_since = day - timedelta(days=DAYS_UNKNOWN) - LAPSED_FOR
    rows = Absence.objects.filter(first_day__lte=day, cancelled_at__isnull=True)
    rows = rows.filter(Q(back_on__gt=day) | Q(first_day__gt=open_since))
    pupils = Pupil.objects.filter(Q(left_on__isnull=True) | Q(left_on__gte=day))
    here = Prefetch("enquiry__pupils", pupils.select_related("classroom"))
    word = Max("enquiry__entries__at", filter=Q(enquiry__entries__kind=EntryKind.FAMILY))
    rows = rows.select_related("enquiry__parent", "enquiry__origin__contact").prefetch_related(here)
    return rows.annotate(last_word=word).order_by("enquiry__sent_at", "pk")  # type: ignore[no-redef]  # declared at the model


def _reports_by_child(
    reports: Iterable[Absence], day: date, hours: SchoolHours
) -> dict[int, tuple[Pupil, list[Absence]]]:
    """Return the reports that stand for each child on `day`.

    The last one counts.
    """
    found: dict[int, tuple[Pupil, list[Absence]]] = {}
    for absence in reports if hours.is_school_day(day) else ():
        for pupil in absence.enquiry.pupils.all():
            _pupil, before = found.setdefault(pupil.pk, (pupil, []))
            if covers(absence, day):
                before.append(absence)
            elif before and is_open_ended(before[-1]) and absence.first_day >= before[-1].first_day:
                before.clear()
    return {pk: (pupil, their_reports) for pk, (pupil, their_reports) in found.items() if their_reports}


def reports_for(actor: Actor, day: date) -> list[Absence]:
    """Read the reports that `absences_on` and `lapsed_on` share, once.

    404 as they do.
    """
    if not may_see_health(actor):
        raise Http404
    return list(_reports(day))


def absences_on(
    actor: Actor, day: date, hours: SchoolHours, *, reports: Iterable[Absence] | None = None
) -> list[tuple[Classroom | None, list[Away]]]:
    """List the children away on `day`, by class (PA-13).

    A child reported twice is listed once, with who else reported it. For the office and the safeguarding lead; 404 for all others,
    leaders included, because it tells of health.
    """
    if not may_see_health(actor):
        raise Http404
    codes = suggested_codes()
    by_child = _reports_by_child(_reports(day) if reports is None else reports, day, hours)
    return _by_class(
        _away(pupil, their_reports, codes, day, hours) for pupil, their_reports in by_child.values()
    )


def _away(
    pupil: Pupil, their_reports: list[Absence], codes: dict[str, str], day: date, hours: SchoolHours
) -> Away:
    absence, word_at = their_reports[-1], max(_word_at(each) for each in their_reports)
    days = _days(absence, day, hours, word_at)
    others = {_reporter(each): each for each in their_reports if _reporter(each) != _reporter(absence)}
    return Away(
        pupil,
        absence,
        code=absence.code or codes.get(absence.reason, ""),
        word_at=word_at,
        without_word=days if is_open_ended(absence) else 0,
        call=needs_call(absence, days) and pupil.left_on != day,
        until=ends_without_word(absence) - timedelta(days=1) if is_open_ended(absence) else None,
        also=tuple(others.values()),
        left=pupil.left_on == day,
    )


def _days(absence: Absence, day: date, hours: SchoolHours, word_at: datetime | None = None) -> int:
    return days_without_word(absence, day, hours.local_date(word_at or _word_at(absence)), hours)


def _reporter(absence: Absence) -> tuple[str, int]:
    """Return who reported it: the adult who telephoned, else the parent's account."""
    enquiry = absence.enquiry
    contact = getattr(getattr(enquiry, "origin", None), "contact", None)
    if contact and contact.user_id != enquiry.parent_id:
        return "contact", contact.pk
    return "user", enquiry.parent_id


def _word_at(absence: Absence) -> datetime:
    sent_at = absence.enquiry.sent_at
    return max(sent_at, absence.last_word or sent_at)


def _by_class(rows: Iterable[Away]) -> list[tuple[Classroom | None, list[Away]]]:
    groups: dict[Classroom | None, list[Away]] = {}
    for row in sorted(rows, key=lambda row: (str(row.pupil.classroom or ""), plain(str(row.pupil)))):
        groups.setdefault(row.pupil.classroom, []).append(row)
    return list(groups.items())


def cancelled_on(actor: Actor, day: date) -> list[tuple[Pupil, Absence]]:
    """List the children whose family has cancelled an absence on `day` (PA-13).

    What had been entered for them by then, the office puts right.
    """
    if not may_see_health(actor):
        raise Http404
    here = Pupil.objects.filter(left_on__isnull=True).select_related("classroom")
    rows = Absence.objects.filter(cancelled_at__isnull=False, first_day__lte=day)
    rows = rows.filter(first_day__gt=day - LONGEST).select_related("enquiry__parent")
    found = [
        (pupil, absence)
        for absence in rows.prefetch_related(Prefetch("enquiry__pupils", here)).order_by("cancelled_at")
        if covers(absence, day)
        for pupil in absence.enquiry.pupils.all()
    ]
    return sorted(found, key=lambda row: plain(str(row[0])))


def lapsed_on(
    actor: Actor, day: date, hours: SchoolHours, *, reports: Iterable[Absence] | None = None
) -> list[Away]:
    """List reports that lapsed within the last week (PA-13).

    They named no day back, and no report came since.
    """
    if not may_see_health(actor):
        raise Http404
    if not hours.is_school_day(day):
        return []
    last: dict[int, tuple[Pupil, Absence]] = {}
    for absence in _reports(day) if reports is None else reports:
        here = [pupil for pupil in absence.enquiry.pupils.all() if pupil.left_on != day]
        last.update({pupil.pk: (pupil, absence) for pupil in here})
    rows = [
        Away(pupil, absence, word_at=_word_at(absence), call=True, without_word=_days(absence, day, hours))
        for pupil, absence in last.values()
        if is_open_ended(absence) and day - LAPSED_FOR < ends_without_word(absence) <= day
    ]
    return sorted(rows, key=lambda row: plain(str(row.pupil)))


def absent_today(actor: Actor, day: date, hours: SchoolHours) -> list[Pupil]:
    """List this class's children who are away on `day` (PA-7).

    By name, and nothing about why. 404 for others.
    """
    if not actor.is_class:
        raise Http404
    everybody = [pupil for pupil, _absence in away_on(day, hours).values()]
    away = [pupil for pupil in everybody if pupil.classroom and pupil.classroom.account_id == actor.user.pk]
    return sorted(away, key=lambda child: plain(str(child)))


def away_from_class(actor: Actor, day: date) -> list[Pupil]:
    """Return `absent_today` for apps that ask through `classes.hooks`."""
    return absent_today(actor, day, school_hours())


def suggested_codes() -> dict[str, str]:
    """Map a reason to the letter suggested for the register (PA-13)."""
    return dict(AbsenceCode.objects.exclude(for_reason="").values_list("for_reason", "code"))
