"""Show who is absent to office and class (PA-13)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.calendar.hours import school_hours
from accounts.calendar.overview import read_calendar, why_no_school
from accounts.gates import access
from accounts.http import PortalRequest
from malpas.lib.csv_lines import csv_lines, telephone_cell
from malpas.lib.hours import SchoolHours
from messaging.models.absences import Absence
from messaging.models.enquiries import Enquiry
from messaging.office.forms.absence import SheetForm
from messaging.office.queries import absences
from messaging.office.queries.absences import Away, absences_on, cancelled_on, lapsed_on, reports_for
from messaging.office.queries.notices import notices_about
from messaging.office.queries.restricted import mark_restricted
from messaging.office.rules.absences import school_day_beside
from messaging.office.rules.enquiries import DAYS_UNKNOWN, may_see_health


def absence_sheet(request: PortalRequest, hours: SchoolHours, day: date) -> dict[str, Any]:
    """Return what `_sheet.html` shows of a day."""
    actor, today = request.actor, hours.local_date(request.school.now)
    reports = reports_for(actor, day)
    sheet = absences_on(actor, day, hours, reports=reports)
    return {
        "day": day,
        "sheet": sheet,
        "away": sum(not row.left for _classroom, rows in sheet for row in rows),
        "lapsed": lapsed_on(actor, day, hours, reports=reports),
        "cancelled": cancelled_on(actor, day),
        "days_unknown": DAYS_UNKNOWN,
        "no_school": _no_school(request, hours, day),
        "is_today": day == today,
        "day_before": school_day_beside(day, -1, hours),
        "day_after": school_day_beside(day, 1, hours),
    }


def reports_on(sheet: dict[str, Any]) -> list[Enquiry]:
    """Return the enquiries of a sheet, to mark who has no access."""
    rows = [row for _classroom, rows in sheet.get("sheet", []) for row in rows]
    listed = [each for row in rows + sheet.get("lapsed", []) for each in (row.absence, *row.also)]
    return [absence.enquiry for absence in listed]


def _no_school(request: PortalRequest, hours: SchoolHours, day: date) -> str:
    """Return why there is no school; '' on a school day."""
    return "" if hours.is_school_day(day) else why_no_school(read_calendar(request.school), day)


def _form(request: PortalRequest, hours: SchoolHours) -> SheetForm:
    return SheetForm(request.GET, today=hours.local_date(request.school.now))


@access()
@require_safe
def office_sheet(request: PortalRequest) -> HttpResponse:
    """Show the absence sheet of any day (PA-13)."""
    if not may_see_health(request.actor):
        raise Http404
    hours = school_hours(request.school)
    form = _form(request, hours)
    context = absence_sheet(request, hours, form.chosen)
    on_page = reports_on(context)
    mark_restricted(on_page)
    context |= {"form": form, "alone": True, "new_notices": notices_about(request.actor, on_page)}
    return render(request, "messaging/office/sheet.html", context, status=422 if form.errors else 200)


def _reason(absence: Absence) -> str:
    if not absence.symptom:
        return str(absence.get_reason_display())
    return f"{absence.get_reason_display()}: {absence.get_symptom_display()}"


@access()
@require_safe
def absences_csv(request: PortalRequest) -> HttpResponse:
    """Download a day's sheet.

    Dates as dd/mm/yyyy, UPN and admission number as SIMS has them.
    """
    hours = school_hours(request.school)
    day = _form(request, hours).chosen
    sheet = absences_on(request.actor, day, hours)
    mark_restricted(reports_on({"sheet": sheet}))
    content = "".join(csv_lines([_heads(), *_rows(sheet, day)]))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="absences-{day.isoformat()}.csv"'
    return response


def _heads() -> list[str]:
    first = [_("Day"), _("Class"), _("Child"), _("UPN"), _("Admission number"), _("Part of the day")]
    reported = [_("Reason"), _("Suggested code"), _("First day"), _("Back"), _("Number"), _("Told"), _("By")]
    return [*first, *reported, _("Note"), _("Reference"), _("To do")]


def _rows(sheet: list, day: date) -> Iterator[list[object]]:
    for classroom, rows in sheet:
        for row in rows:
            absence, enquiry, pupil = row.absence, row.absence.enquiry, row.pupil
            back = _written(absence.back_on) if absence.back_on else _("not known")
            child = [_written(day), classroom or "", pupil, pupil.upn, pupil.admission_number]
            away = [absence.get_part_display(), _reason(absence), row.code, _written(absence.first_day), back]
            reported = [
                telephone_cell(enquiry.phone),
                date_format(localtime(enquiry.sent_at), "d/m/Y H:i"),
                _by(row),
            ]
            yield [*child, *away, *reported, enquiry.body, enquiry.reference, _to_do(row)]


def _written(day: date) -> str:
    return date_format(day, "d/m/Y")


def _by(row: Away) -> str:
    """Return who reported it, with the mark of restricted access."""
    enquiries = [each.enquiry for each in (row.absence, *row.also)]
    marks = [(one.reporter_name, one.restricted) for one in enquiries]
    return ", ".join(f"{name} ({mark.label})" if mark else name for name, mark in marks)


def _to_do(row: Away) -> str:
    if row.left:
        return _("Left the school this day")
    days = {"days": row.without_word}
    said = ngettext(
        "Please telephone: %(days)d school day without word",
        "Please telephone: %(days)d school days without word",
        row.without_word,
    )
    return said % days if row.call else ""


@access()
@require_safe
def absent_today(request: PortalRequest) -> HttpResponse:
    """Show a class who is absent today, never why (PA-7)."""
    hours = school_hours(request.school)
    day = hours.local_date(request.school.now)
    away = absences.absent_today(request.actor, day, hours)
    context = {"away": away, "today": day, "no_school": _no_school(request, hours, day)}
    return render(request, "messaging/office/absent.html", context)
