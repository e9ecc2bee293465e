import csv

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.queries import school_hours
from malpas.lib.errors import RuleViolation
from malpas.lib.sheets import neutral_cell
from messaging import queries, rules, services
from messaging.forms import TopicFilter
from messaging.models import Absence


@require_safe
def office(request: HttpRequest) -> HttpResponse:
    actor, now, hours = request.actor, request.school.now, school_hours(request.school)
    asked = TopicFilter(request.GET)
    topic = asked.cleaned_data["topic"] if asked.is_valid() else ""
    counts = queries.topic_counts(actor)
    sheet = queries.absences_on(actor, hours.local_date(now)) if rules.may_see_health(actor) else None
    context = {
        "sheet": sheet,
        "away": sum(len(rows) for _classroom, rows in sheet or []),
        "queue": queries.queue(actor, now=now, hours=hours, topic=topic),
        "counts": counts,
        "all": sum(number for _topic, number in counts),
        "topic": topic,
        "today": hours.local_date(now),
    }
    return render(request, "messaging/office.html", context)


def _reason(absence: Absence) -> str:
    if not absence.symptom:
        return str(absence.get_reason_display())
    return f"{absence.get_reason_display()}: {absence.get_symptom_display()}"


@require_safe
def absences_csv(request: HttpRequest) -> HttpResponse:
    day = school_hours(request.school).local_date(request.school.now)
    sheet = queries.absences_on(request.actor, day)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="absences-{day.isoformat()}.csv"'
    writer = csv.writer(response)
    heads = [_("Class"), _("Child"), _("Part of the day"), _("Reason"), _("First day"), _("Back")]
    writer.writerow([*heads, _("Number"), _("Told"), _("By"), _("Note"), _("Reference")])
    for classroom, rows in sheet:
        for row in rows:
            writer.writerow(neutral_cell(str(cell)) for cell in _cells(classroom, row))
    return response


def _cells(classroom, row: queries.Away) -> list[object]:
    absence, enquiry = row.absence, row.absence.enquiry
    back = date_format(absence.back_on, "d.m.Y") if absence.back_on else _("not known")
    told = date_format(localtime(enquiry.sent_at), "d.m.Y H:i")
    return [
        *[classroom or "", row.pupil, absence.get_part_display(), _reason(absence)],
        *[date_format(absence.first_day, "d.m.Y"), back, enquiry.phone, told, enquiry.parent.name],
        *[enquiry.words, enquiry.reference],
    ]


@require_POST
def enquiry_take(request: HttpRequest, pk: int) -> HttpResponse:
    enquiry = queries.get_enquiry_at_office(request.actor, pk)
    try:
        services.take_enquiry(enquiry, by=request.actor, at=request.school.now)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
    return redirect("office")


@require_POST
def enquiry_done(request: HttpRequest, pk: int) -> HttpResponse:
    enquiry = queries.get_enquiry_at_office(request.actor, pk)
    services.close_enquiry(enquiry, by=request.actor, at=request.school.now)
    return redirect("office")
