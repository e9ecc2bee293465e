"""The class board: choose children, give a point, undo it, pick a child (TE-1)."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings as portal_settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap, retarget

from accounts.calendar.hours import school_hours
from accounts.gates import access
from accounts.http import PortalRequest
from accounts.sessions.class_account_session import IDLE_LOCK
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import go, refuse
from points.forms import AwardForm, BoardForm, ChooseForm, PickForm, SettingsForm, UndoForm
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
from points.services import EverybodyAway, award_points, set_board, undo_awards


def board_url(view: str, **query: object) -> str:
    query |= {"view": "staff"} if view == "staff" else {}
    return f"{reverse('board')}?{urlencode(query)}" if query else reverse("board")


def board_for(request: PortalRequest, staff_view: bool) -> Board:
    at, hours = request.school.now, school_hours(request.school)
    return board_of(request.actor, at, hours, staff_view=staff_view)


@access()
@require_safe
def board(request: PortalRequest) -> HttpResponse:
    """Show the board; for htmx a part of it: who is chosen, or the sheet.

    `sheet` in the address opens the sheet over the page, as after a PIN that was asked at the tap.
    """
    if request.htmx and request.htmx.target == "sheet":
        return choose_behaviour(request)
    form, choice = BoardForm(request.GET), ChooseForm(request.GET)
    view, everybody = form.part("view") or "", choice.is_valid() and choice.cleaned_data["all"]
    found = board_for(request, view == "staff")
    ids = set(form.part("pupil") or [])
    chosen = [child for child in found.children if child.pupil.pk in ids]
    context = {"board": found, "staff_view": view == "staff", "now": request.school.now, "chosen": chosen}
    if request.htmx and request.htmx.target == "chosen":
        return render(request, "points/_chosen.html", context)
    context |= {"group": found.group(form.part("given")), "idle": idle_seconds(request)}
    award_form = AwardForm(initial={"all": everybody})
    if form.part("sheet"):
        children, away = here_today(request, staff_view=view == "staff") if everybody else (chosen, [])
        context |= sheet_context(award_form, children, view, away=away) | {"chosen": []}
    else:
        context |= sheet_context(award_form, [], view)
        day = school_hours(request.school).local_date(request.school.now)
        context |= away_context(absent_on(found, request.actor, day) if view == "staff" else [])
    return render(request, "points/board.html", context)


def idle_seconds(request: PortalRequest) -> int:
    """Return after how many seconds a tap asks the server first; 0 for never."""
    return 0 if request.actor.own else portal_settings.STAFF_IDLE_SECONDS - IDLE_LOCK.step


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


def sheet_context(
    form: AwardForm, children: Sequence[Child], view: str, *, away: Sequence[Child] = ()
) -> dict[str, Any]:
    """Return what the sheet shows; without children it is a copy for any child, which a script fills in."""
    who = few_names([child.name for child in children])
    return {
        "form": form,
        "children": children,
        "who": who,
        "sections": offered_behaviours(),
        "view": view,
    } | away_context(away)


def away_context(away: Sequence[Child]) -> dict[str, Any]:
    return {"away": away, "away_names": names_of(list(away))}


def sheet(
    request: PortalRequest,
    form: AwardForm,
    children,
    view: str,
    status: int = 200,
    away: Sequence[Child] = (),
) -> HttpResponse:
    name = "points/_sheet.html" if request.htmx else "points/award.html"
    context = sheet_context(form, children, view, away=away)
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
        messages.success(request, _("Undone. Families will not see it."))
    return board_again(request, form.cleaned_data["view"], None)


@access()
@require_safe
def pick(request: PortalRequest) -> HttpResponse:
    last, view = PickForm(request.GET).read()
    here, away = here_today(request, staff_view=view == "staff")
    child = picked_child(here, last)
    if child is None:
        if away:
            messages.warning(request, EverybodyAway.sentence)
        return redirect(board_url(view))
    return render(request, "points/pick.html", {"child": child, "view": view} | away_context(away))


@access()
@require_http_methods(["GET", "POST"])
def settings(request: PortalRequest) -> HttpResponse:
    now = board_settings_of(request.actor)
    form = SettingsForm(request.POST or None, initial={"goal": now.goal, "initials": now.initials})
    if request.method == "POST" and form.is_valid():
        set_board(**form.cleaned_data, by=request.actor, at=request.school.now)
        messages.success(request, _("Saved."))
        return redirect(board_url("staff"))
    status = 422 if request.method == "POST" else 200
    return render(request, "points/settings.html", {"form": form}, status=status)
