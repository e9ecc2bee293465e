"""Show who is absent to office and class (PA-13)."""

import csv
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.calendar.hours import school_hours
from accounts.calendar.overview import read_calendar, why_no_school
from accounts.gates import access
from accounts.http import PortalRequest
from malpas.lib.csv_lines import neutral_cell
from malpas.lib.hours import SchoolHours
from messaging.models.absences import Absence
from messaging.models.enquiries import Enquiry
from messaging.office.queries import absences
from messaging.office.queries.absences import Away, absences_on, lapsed_on, reports_for
from messaging.office.queries.restricted import mark_restricted
from messaging.office.rules.enquiries import (
    DAYS_UNKNOWN,
)


def absence_sheet(request: PortalRequest, hours: SchoolHours) -> dict[str, Any]:
    actor, day = request.actor, hours.local_date(request.school.now)
    reports = reports_for(actor, day)
    sheet = absences_on(actor, day, hours, reports=reports)
    return {
        "sheet": sheet,
        "away": sum(len(rows) for _classroom, rows in sheet),
        "lapsed": lapsed_on(actor, day, hours, reports=reports),
        "days_unknown": DAYS_UNKNOWN,
        "no_school": _no_school(request, hours),
    }


def _no_school(request: PortalRequest, hours: SchoolHours) -> str:
    """Return why there is no school today; '' on a school day."""
    day = hours.local_date(request.school.now)
    return "" if hours.is_school_day(day) else why_no_school(read_calendar(request.school), day)


def _reason(absence: Absence) -> str:
    if not absence.symptom:
        return str(absence.get_reason_display())
    return f"{absence.get_reason_display()}: {absence.get_symptom_display()}"


@access()
@require_safe
def absences_csv(request: PortalRequest) -> HttpResponse:
    hours = school_hours(request.school)
    day = hours.local_date(request.school.now)
    sheet = absences_on(request.actor, day, hours)
    mark_restricted(row.absence.enquiry for _classroom, rows in sheet for row in rows)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="absences-{day.isoformat()}.csv"'
    writer = csv.writer(response)
    heads = [_("Class"), _("Child"), _("Part of the day"), _("Reason"), _("Suggested code")]
    writer.writerow(
        [
            *heads,
            _("First day"),
            _("Back"),
            _("Number"),
            _("Told"),
            _("By"),
            _("Note"),
            _("Reference"),
            _("To do"),
        ]
    )
    for classroom, rows in sheet:
        for row in rows:
            writer.writerow(neutral_cell(str(cell)) for cell in _cells(classroom, row))
    return response


def _cells(classroom, row: Away) -> list[object]:
    absence, enquiry = row.absence, row.absence.enquiry
    back = date_format(absence.back_on, "d.m.Y") if absence.back_on else _("not known")
    reported = date_format(localtime(enquiry.sent_at), "d.m.Y H:i")
    return [
        *[classroom or "", row.pupil, absence.get_part_display(), _reason(absence), row.code],
        *[date_format(absence.first_day, "d.m.Y"), back, enquiry.phone, reported, _by(enquiry)],
        *[enquiry.body, enquiry.reference, _("Please ring: no word since") if row.call else ""],
    ]


def _by(enquiry: Enquiry) -> str:
    """Return who reported it, with the mark of restricted access."""
    mark = enquiry.restricted
    return f"{enquiry.reporter_name} ({mark.label})" if mark else enquiry.reporter_name


@access()
@require_safe
def absent_today(request: PortalRequest) -> HttpResponse:
    """Show a class who is absent today, never why (PA-7)."""
    hours = school_hours(request.school)
    day = hours.local_date(request.school.now)
    away = absences.absent_today(request.actor, day, hours)
    template = "messaging/office/_absent.html" if request.htmx else "messaging/office/absent.html"
    context = {"away": away, "today": day, "no_school": "" if request.htmx else _no_school(request, hours)}
    return render(request, template, context)
