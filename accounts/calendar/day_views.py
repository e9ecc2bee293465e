"""Pages on which office and leaders keep terms and days without school, and close school."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.calendar.closing import preview_closing
from accounts.calendar.day_forms import ClosingForm, ClosureForm, TermForm
from accounts.calendar.days import Days, close_school, remove_days, save_days, was_removed
from accounts.calendar.hours import build_hours
from accounts.calendar.overview import may_edit_calendar, read_calendar
from accounts.gates import access
from accounts.http import PortalRequest
from accounts.models.school import Closure, Term
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse

ADD = {Term: gettext_lazy("Add a term"), Closure: gettext_lazy("Add days without school")}
FORMS: dict[type[Days], type[TermForm] | type[ClosureForm]] = {Term: TermForm, Closure: ClosureForm}


def _keeper(request: PortalRequest) -> None:
    if not may_edit_calendar(request.actor):
        raise Http404


def _today(request: PortalRequest):
    return localtime(request.school.now).date()


def _sent(request: PortalRequest):
    return request.POST if request.method == "POST" else None


def _say_moved(request: PortalRequest, moved: int) -> None:
    """Say how much of what waits has a new time, and when school opens next."""
    said = [_("The calendar is changed.")]
    if moved:
        said += [
            ngettext(
                "%(number)s message or notice that waits has a new time of arrival.",
                "%(number)s messages and notices that wait have a new time of arrival.",
                moved,
            )
            % {"number": moved}
        ]
    opens = build_hours().next_opening(request.school.now)
    if opens:
        said += [_("School opens next on %(day)s.") % {"day": date_format(localtime(opens), "l j F, H:i")}]
    messages.success(request, " ".join(said))


@access()
@require_safe
def days(request: PortalRequest) -> HttpResponse:
    _keeper(request)
    today, found = _today(request), read_calendar(request.school)
    context = {
        "terms": [term for term in found.terms if term.ends >= today],
        "closures": [closure for closure in found.closures if closure.ends >= today],
        "today": today,
    }
    return render(request, "accounts/calendar/days.html", context)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: PortalRequest) -> HttpResponse:
    """Close school today or on other days, once its numbers are read; nobody is told by this alone."""
    _keeper(request)
    form = ClosingForm(_sent(request), initial={"first": _today(request)})
    if form.is_valid():
        try:
            if "confirmed" not in request.POST:
                preview = preview_closing(form.closing(), by=request.actor, at=request.school.now)
                context = {"form": form, "closing": form.closing(), "preview": preview}
                return render(request, "accounts/calendar/close_confirm.html", context)
            closure, moved = close_school(**form.closing(), by=request.actor)
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            _say_moved(request, moved)
            return redirect("calendar_closure", closure.pk)
    status = 422 if form.errors else 200
    context = {"form": form, "title": _("Close school")}
    return render(request, "accounts/calendar/close.html", context, status=status)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def term(request: PortalRequest, pk: int | None = None) -> HttpResponse:
    return _change(request, Term, pk)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def closure(request: PortalRequest, pk: int | None = None) -> HttpResponse:
    return _change(request, Closure, pk)


def _change(request: PortalRequest, model: type[Days], pk: int | None) -> HttpResponse:
    _keeper(request)
    row = model() if pk is None else model._default_manager.filter(pk=pk).first()
    if row is None:
        return _gone(request, model, pk)
    form = FORMS[model](_sent(request), instance=row)
    if form.is_valid():
        try:
            moved = save_days(row, form.values(), by=request.actor)
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            _say_moved(request, moved)
            return redirect("calendar_days")
    title = str(row) if row.pk else ADD[model]
    context = {"form": form, "row": row, "title": title, "today": _today(request)}
    name = f"accounts/calendar/{model._meta.model_name}.html"
    return render(request, name, context, status=422 if form.errors else 200)


def _gone(request: PortalRequest, model: type[Days], pk: int | None) -> HttpResponse:
    """Answer for days that a colleague, or an earlier press, has taken out; 404 for what never was."""
    if pk is None or not was_removed(model, pk):
        raise Http404
    messages.warning(request, _("This is no longer in the calendar."))
    return redirect("calendar_days")


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def term_remove(request: PortalRequest, pk: int) -> HttpResponse:
    return _remove(request, Term, pk)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def closure_remove(request: PortalRequest, pk: int) -> HttpResponse:
    return _remove(request, Closure, pk)


def _remove(request: PortalRequest, model: type[Days], pk: int) -> HttpResponse:
    """Ask before days go out of the calendar, with what that means."""
    _keeper(request)
    row = model._default_manager.filter(pk=pk).first()
    if row is None:
        return _gone(request, model, pk)
    if request.method == "POST":
        try:
            _say_moved(request, remove_days(row, by=request.actor))
        except RuleViolation as violation:
            messages.warning(request, violation.sentence)
        return redirect("calendar_days")
    context = {"row": row, "is_term": model is Term}
    return render(request, "accounts/calendar/remove.html", context)
