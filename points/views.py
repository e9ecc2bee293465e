from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap, retarget

from accounts.calendar.hours import school_hours
from accounts.gates import Opens, access
from accounts.http import PortalRequest
from classes.avatar.services import choose_dragon
from classes.queries import children_of, get_pupil_for
from malpas.lib.csv_lines import csv_lines
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import go, refuse
from points.avatar_options import dragon_options
from points.enums import Period
from points.forms import (
    AwardForm,
    BoardForm,
    ChooseForm,
    DragonForm,
    PickForm,
    RecordForm,
    ReportForm,
    SettingsForm,
    UndoForm,
)
from points.queries.board import (
    Board,
    Child,
    absent_on,
    board_of,
    board_settings_of,
    children_here,
    chosen_children,
    few_names,
    names_of,
    offered_behaviours,
    picked_child,
)
from points.queries.child import awards_page, record_of
from points.queries.school import awards_reported, awards_rows, classes_reported, report_of
from points.rules import FLOWERS
from points.services import EverybodyAway, award_points, set_board, undo_awards

PUPIL_REASONS = 8


def board_url(view: str, **query: object) -> str:
    query |= {"view": "staff"} if view == "staff" else {}
    return f"{reverse('board')}?{urlencode(query)}" if query else reverse("board")


def board_for(request: PortalRequest, staff_view: bool) -> Board:
    at, hours = request.school.now, school_hours(request.school)
    return board_of(request.actor, at, hours, staff_view=staff_view)


@access()
@require_safe
def board(request: PortalRequest) -> HttpResponse:
    form = BoardForm(request.GET)
    staff_view = form.part("view") == "staff"
    found = board_for(request, staff_view)
    context = {"board": found, "staff_view": staff_view, "now": request.school.now}
    if request.htmx and request.htmx.target == "chosen":
        ids = set(form.part("pupil") or [])
        context["chosen"] = [child for child in found.children if child.pupil.pk in ids]
        return render(request, "points/_chosen.html", context)
    away = absent_on(found, request.actor, school_hours(request.school).local_date(request.school.now))
    context |= {"group": found.group(form.part("given")), "away": away, "away_names": names_of(away)}
    return render(request, "points/board.html", context)


def board_again(request: PortalRequest, view: str, key) -> HttpResponse:
    """Return the board with the bar of this award.

    A redirect without htmx.
    """
    if not request.htmx:
        return redirect(board_url(view, given=key) if key else board_url(view))
    found = board_for(request, view == "staff")
    context = {"board": found, "staff_view": view == "staff", "now": request.school.now}
    return render(request, "points/_board_again.html", context | {"group": found.group(key)})


@access()
@require_http_methods(["GET", "POST"])
def award(request: PortalRequest) -> HttpResponse:
    return give(request) if request.method == "POST" else choose_behaviour(request)


def here_today(request: PortalRequest, *, staff_view: bool = False) -> tuple[list[Child], list[Child]]:
    day = school_hours(request.school).local_date(request.school.now)
    return children_here(request.actor, day, staff_view=staff_view)


def choose_behaviour(request: PortalRequest) -> HttpResponse:
    chosen = ChooseForm(request.GET)
    if not chosen.is_valid():
        raise Http404
    view, ids, everybody = (chosen.cleaned_data[name] for name in ("view", "pupil", "all"))
    if everybody:
        children, away = here_today(request, staff_view=view == "staff")
    else:
        children, away = chosen_children(request.actor, ids, staff_view=view == "staff"), []
    if everybody and away and not children:
        messages.warning(request, EverybodyAway.sentence)
        return go(request, board_url(view))
    if not children:
        messages.warning(request, _("Choose a child first."))
        return go(request, board_url(view))
    return sheet(request, AwardForm(initial={"all": everybody}), children, view, away=away)


def sheet(
    request: PortalRequest,
    form: AwardForm,
    children,
    view: str,
    status: int = 200,
    away: Sequence[Child] = (),
) -> HttpResponse:
    name = "points/_sheet.html" if request.htmx else "points/award.html"
    sections = offered_behaviours() if children else []
    who = few_names([child.name for child in children])
    context = {"form": form, "children": children, "who": who, "sections": sections, "view": view}
    context |= {"away": away, "away_names": names_of(list(away))}
    response = render(request, name, context, status=status)
    return response if status == 200 else reswap(retarget(response, "#sheet"), "innerHTML")


def give(request: PortalRequest) -> HttpResponse:
    form = AwardForm(request.POST)
    form.is_valid()
    view = form.cleaned_data["view"]
    ids = form.cleaned_data.get("pupil", [])
    children = chosen_children(request.actor, ids, staff_view=view == "staff")
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("behaviour", "key", "note")}
        given["whole_class"] = form.cleaned_data["all"]
        pupils = [child.pupil for child in children]
        try:
            award_points(pupils=pupils, **given, by=request.actor, at=request.school.now)
            return board_again(request, view, given["key"])
        except RuleViolation as violation:
            refuse(form, violation)
    return sheet(request, form, children, view, status=422)


@access()
@require_POST
def undo(request: PortalRequest) -> HttpResponse:
    form = UndoForm(request.POST)
    if not form.is_valid() or not request.actor.is_class:
        raise Http404
    try:
        undone = undo_awards(key=form.cleaned_data["key"], by=request.actor, at=request.school.now)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
    else:
        if not undone:
            raise Http404
        messages.success(request, _("Undone. It counts nowhere, and families are not told of it."))
    return board_again(request, form.cleaned_data["view"], None)


@access()
@require_safe
def pick(request: PortalRequest) -> HttpResponse:
    here, away = here_today(request)
    child = picked_child(here, PickForm(request.GET).read())
    if child is None:
        if away:
            messages.warning(request, EverybodyAway.sentence)
        return redirect("board")
    context = {"child": child, "away": away, "away_names": names_of(away)}
    return render(request, "points/pick.html", context)


@access()
@require_http_methods(["GET", "POST"])
def settings(request: PortalRequest) -> HttpResponse:
    now = board_settings_of(request.actor)
    form = SettingsForm(request.POST or None, initial={"goal": now.goal, "initials": now.initials})
    if request.method == "POST" and form.is_valid():
        set_board(**form.cleaned_data, by=request.actor, at=request.school.now)
        messages.success(request, _("Kept. It shows on the board from now on."))
        return redirect(board_url("staff"))
    status = 422 if request.method == "POST" else 200
    return render(request, "points/settings.html", {"form": form}, status=status)


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
        return redirect("child_points", children[0].pk)
    return render(request, "points/children.html", {"children": children})


@access(Opens.WHILE_LOCKED)
@require_safe
def child_points(request: PortalRequest, pupil_id: int) -> HttpResponse:
    pupil = get_pupil_for(request.actor, pupil_id)
    period, cursor = RecordForm(request.GET).read()
    hours = school_hours(request.school)
    children = children_of(request.actor) if request.actor.is_parent else []
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
    pupil, form = get_pupil_for(request.actor, request.actor.user.pupil.pk), DragonForm(request.POST)
    if request.method == "POST" and form.is_valid():
        choose_dragon(pupil=pupil, traits=form.traits(pupil.dragon), by=request.actor)
        return redirect("pupil_page")
    status = 422 if request.method == "POST" else 200
    return render(
        request, "points/dragon.html", {"pupil": pupil, "parts": dragon_options(pupil.dragon)}, status=status
    )
