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
from classes.queries import get_own_class
from malpas.lib.hours import SchoolHours
from messaging.enums import EntryKind
from messaging.models.absences import Absence, AbsenceCode
from messaging.office.rules.absences import ends_without_word, is_open_ended, needs_call
from messaging.office.rules.enquiries import DAYS_UNKNOWN, covers, may_see_health

LAPSED_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Away:
    """Hold one child on the absence sheet.

    `code`: the suggested register code, if any. `word_at`: when the family last wrote about it. `call`: no
    day back is known and the family has not written since, so the office telephones. `until`: the last day
    on which such a report counts.
    """

    pupil: Pupil
    absence: Absence
    code: str = ""
    word_at: datetime | None = None
    call: bool = False
    until: date | None = None


def away_on(
    day: date, hours: SchoolHours, reports: Iterable[Absence] | None = None
) -> dict[int, tuple[Pupil, Absence]]:
    """Return who is away on `day`: child id to child and report.

    `reports`: of that day, where they are read already. Nobody is away on a day without school. Of several
    reports the last counts; one without a day back ends with the next report that begins later.
    """
    return _counting(_reports(day) if reports is None else reports, day) if hours.is_school_day(day) else {}


def _reports(day: date) -> QuerySet[Absence]:
    """Select reports that may decide who is away, oldest first."""
    open_since = day - timedelta(days=DAYS_UNKNOWN) - LAPSED_FOR
    rows = Absence.objects.filter(first_day__lte=day).filter(Q(back_on__gt=day) | Q(first_day__gt=open_since))
    here = Prefetch("enquiry__pupils", Pupil.objects.here().select_related("classroom"))
    word = Max("enquiry__entries__at", filter=Q(enquiry__entries__kind=EntryKind.FAMILY))
    rows = rows.select_related("enquiry__parent", "enquiry__origin__contact").prefetch_related(here)
    return rows.annotate(last_word=word).order_by("enquiry__sent_at", "pk")  # type: ignore[no-redef]  # declared at the model


def _counting(reports: Iterable[Absence], day: date) -> dict[int, tuple[Pupil, Absence]]:
    found: dict[int, tuple[Pupil, Absence]] = {}
    for absence in reports:
        for pupil in absence.enquiry.pupils.all():
            before = found.get(pupil.pk)
            if covers(absence, day):
                found[pupil.pk] = pupil, absence
            elif before and is_open_ended(before[1]) and absence.first_day >= before[1].first_day:
                del found[pupil.pk]
    return found


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

    A child reported twice is listed once. For the office and the safeguarding lead; 404 for all others,
    leaders included, because it tells of health.
    """
    if not may_see_health(actor):
        raise Http404
    codes = suggested_codes()
    rows = [
        _away(pupil, absence, codes, day, hours) for pupil, absence in away_on(day, hours, reports).values()
    ]
    return _by_class(rows)


def _away(pupil: Pupil, absence: Absence, codes: dict[str, str], day: date, hours: SchoolHours) -> Away:
    word_at = _word_at(absence)
    return Away(
        pupil,
        absence,
        code=absence.code or codes.get(absence.reason, ""),
        word_at=word_at,
        call=needs_call(absence, day, hours.local_date(word_at)),
        until=ends_without_word(absence) - timedelta(days=1) if is_open_ended(absence) else None,
    )


def _word_at(absence: Absence) -> datetime:
    sent_at = absence.enquiry.sent_at
    return max(sent_at, absence.last_word or sent_at)


def _by_class(rows: Iterable[Away]) -> list[tuple[Classroom | None, list[Away]]]:
    groups: dict[Classroom | None, list[Away]] = {}
    for row in sorted(rows, key=lambda row: (str(row.pupil.classroom or ""), str(row.pupil).lower())):
        groups.setdefault(row.pupil.classroom, []).append(row)
    return list(groups.items())


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
        last.update({pupil.pk: (pupil, absence) for pupil in absence.enquiry.pupils.all()})
    rows = [
        Away(pupil, absence, word_at=_word_at(absence), call=True)
        for pupil, absence in last.values()
        if is_open_ended(absence) and day - LAPSED_FOR < ends_without_word(absence) <= day
    ]
    return sorted(rows, key=lambda row: str(row.pupil).lower())


def absent_today(actor: Actor, day: date, hours: SchoolHours) -> list[Pupil]:
    """List this class's children who are away on `day` (PA-7).

    By name, and nothing about why. 404 for others.
    """
    own = get_own_class(actor)
    away = [pupil for pupil, _absence in away_on(day, hours).values() if pupil.classroom_id == own.pk]
    return sorted(away, key=lambda child: str(child).lower())


def away_from_class(actor: Actor, day: date) -> list[Pupil]:
    """Return `absent_today` for apps that ask through `classes.hooks`."""
    return absent_today(actor, day, school_hours())


def suggested_codes() -> dict[str, str]:
    """Map a reason to the letter suggested for the register (PA-13)."""
    return dict(AbsenceCode.objects.exclude(for_reason="").values_list("for_reason", "code"))
