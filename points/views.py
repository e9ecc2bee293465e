from urllib.parse import urlencode

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from accounts.calendar.hours import school_hours
from accounts.gates import Opens, access
from accounts.http import PortalRequest
from classes.avatar.drawing import PARTS
from classes.avatar.services import choose_dragon
from classes.models.pupils import Pupil
from classes.queries import children_of, get_pupil_for
from malpas.lib.csv_lines import csv_lines
from points.avatar_options import dragon_options
from points.enums import Period
from points.forms import (
    DragonForm,
    RecordForm,
    ReportForm,
)
from points.queries.child import awards_page, record_of
from points.queries.school import awards_reported, awards_rows, classes_reported, report_of
from points.rules import FLOWERS

PUPIL_REASONS = 8


@access()
@require_safe
def report(request: PortalRequest) -> HttpResponse:
    form = ReportForm(request.GET or None, classes=classes_reported(request.actor))
    classroom, period, days = form.read()
    at, hours = request.school.now, school_hours(request.school)
    context = {
        "form": form,
        "classroom": classroom,
        "period": period,
        "days": days,
        "report": report_of(request.actor, classroom, period=period, days=days, at=at, hours=hours),
        "query": urlencode({"classroom": classroom.pk if classroom else "", "period": period}),
    }
    return render(request, "points/report.html", context)


@access()
@require_safe
def awards_csv(request: PortalRequest) -> StreamingHttpResponse:
    form = ReportForm(request.GET, classes=classes_reported(request.actor))
    if not form.is_valid():
        raise Http404
    classroom, period, _days = form.read()
    at, hours = request.school.now, school_hours(request.school)
    awards = awards_reported(request.actor, classroom, period=period, at=at, hours=hours)
    response = StreamingHttpResponse(csv_lines(awards_rows(awards)), content_type="text/csv; charset=utf-8")
    whose = slugify(
        classroom.name if classroom else request.actor.user.name if request.actor.is_class else ""
    )
    name = f"points-{whose or 'school'}-{period}-{hours.local_date(at).isoformat()}.csv"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


@access(Opens.WHILE_LOCKED)
@require_safe
def points(request: PortalRequest) -> HttpResponse:
    children = children_of(request.actor) if request.actor.is_parent else []
    if request.actor.is_class:
        return redirect("board")
    if len(children) == 1:
        return child_page(request, children[0], children)
    return render(request, "points/children.html", {"children": children})


@access(Opens.WHILE_LOCKED)
@require_safe
def child_points(request: PortalRequest, pupil_id: int) -> HttpResponse:
    pupil = get_pupil_for(request.actor, pupil_id)
    return child_page(request, pupil, children_of(request.actor) if request.actor.is_parent else [])


def child_page(request: PortalRequest, pupil: Pupil, children: list[Pupil]) -> HttpResponse:
    """Show a child's points; `children`: those that the reader may change to."""
    period, cursor = RecordForm(request.GET).read()
    hours = school_hours(request.school)
    context = {
        "pupil": pupil,
        "children": children if pupil in children else [],
        "record": record_of(pupil, period=period, at=request.school.now, hours=hours),
        "page": awards_page(pupil, cursor),
        "period": period,
        "periods": Period,
    }
    return render(request, "points/child.html", context)


@access(Opens.TO_PUPILS)
@require_safe
def pupil_page(request: PortalRequest) -> HttpResponse:
    if not request.actor.is_pupil:
        raise Http404
    pupil = get_pupil_for(request.actor, request.actor.user.pupil.pk)
    at = request.school.now
    record = record_of(pupil, period=Period.ALL, at=at, hours=school_hours(request.school))
    context = {
        "pupil": pupil,
        "record": record,
        "flowers": range(min(record.this_week, FLOWERS)),
        "awards": awards_page(pupil, size=PUPIL_REASONS).awards,
    }
    return render(request, "points/pupil.html", context)


@access(Opens.TO_PUPILS)
@require_http_methods(["GET", "POST"])
def pupil_dragon(request: PortalRequest) -> HttpResponse:
    if not request.actor.is_pupil:
        raise Http404
    pupil, posted = get_pupil_for(request.actor, request.actor.user.pupil.pk), request.method == "POST"
    form = DragonForm(request.POST if posted else request.GET)
    traits = form.traits(pupil.dragon) if form.is_valid() else pupil.dragon
    if posted and form.is_valid() and "show" in request.POST:
        return redirect(f"{reverse('pupil_dragon')}?{urlencode(dict(zip(PARTS, traits, strict=True)))}")
    if posted and form.is_valid():
        choose_dragon(pupil=pupil, traits=traits, by=request.actor)
        return redirect("pupil_page")
    context = {"pupil": pupil, "traits": traits, "parts": dragon_options(traits)}
    return render(request, "points/dragon.html", context, status=422 if posted else 200)
