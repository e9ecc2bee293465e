"""Lead the first leader through setting up the school; every page may be left and come back to."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.admin.terms import sides
from accounts.calendar.forms import AlikeForm, DayHoursForm, HoursForm
from accounts.calendar.hours import school_hours
from accounts.calendar.overview import week
from accounts.calendar.services import keep_hours, keep_hours_of_day
from accounts.gates import access
from accounts.http import PortalRequest
from accounts.models.school import School, WorkingHours
from accounts.models.terms import TermsVersion
from accounts.school.forms import LimitsForm, NamesForm
from accounts.school.services import name_school, set_limits
from accounts.terms.forms import FreshTextForm, PublishForm, TermsDraftForm
from accounts.terms.queries import newest_draft, newest_published
from accounts.terms.services import LanguageUntouched, publish_terms, save_draft
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse
from malpas.set_up.steps import steps_for_page
from malpas.set_up.terms_text import starting_texts
from points.enums import BehaviourGroup
from points.forms import BehaviourForm
from points.models import Behaviour
from points.services import keep_behaviours, save_behaviour

REVIEW_YEARS = 2


def _leader(request: PortalRequest) -> None:
    if not request.actor.is_slt:
        raise Http404


def _page(request: PortalRequest, name: str, form, **more: object) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, f"malpas/set_up/{name}.html", {"form": form, **more}, status=status)


def _sent(request: PortalRequest):
    return request.POST if request.method == "POST" else None


@access()
@require_safe
def set_up(request: PortalRequest) -> HttpResponse:
    _leader(request)
    steps = steps_for_page(request.school)
    done = sum(step.is_done and not step.is_filled for step in steps)
    return render(request, "malpas/set_up/set_up.html", {"steps": steps, "done": done})


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def names(request: PortalRequest) -> HttpResponse:
    _leader(request)
    form = NamesForm(_sent(request), instance=School.objects.get(pk=1))
    if form.is_valid():
        name_school(form.instance, form.changed_data, by=request.actor)
        messages.success(request, _("Changed."))
        return redirect("set_up")
    return _page(request, "names", form)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def limits(request: PortalRequest) -> HttpResponse:
    """Set how much a parent may write in an hour, and by when a complaint is answered."""
    _leader(request)
    form = LimitsForm(_sent(request), instance=School.objects.get(pk=1))
    if form.is_valid():
        set_limits(form.values(), by=request.actor)
        messages.success(request, _("Changed."))
        return redirect("set_up")
    return _page(request, "limits", form)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: PortalRequest) -> HttpResponse:
    """Keep one set of hours for all school days; days with hours of their own are changed one by one."""
    _leader(request)
    rows, days = list(WorkingHours.objects.all()), week(school_hours(request.school), every_day=True)
    if len({hours for _name, hours in days if hours}) > 1 and not AlikeForm(request.GET).read():
        return render(request, "malpas/set_up/hours_by_day.html", {"days": days})
    chosen = [row.weekday for row in rows] or [0, 1, 2, 3, 4]
    form = HoursForm(
        _sent(request), instance=rows[0] if rows else WorkingHours(), initial={"weekdays": chosen}
    )
    if form.is_valid():
        keep_hours(form.times(), form.cleaned_data["weekdays"], by=request.actor)
        messages.success(request, _("The hours are saved. What waits has its new time."))
        return redirect("set_up")
    return _page(request, "hours", form, days=days)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def hours_of_day(request: PortalRequest, weekday: int) -> HttpResponse:
    """Keep hours of one day of the week, or none."""
    _leader(request)
    if weekday not in dict(WorkingHours.WEEKDAYS):
        raise Http404
    row = WorkingHours.objects.filter(weekday=weekday).first()
    form = DayHoursForm(_sent(request), instance=row or WorkingHours(weekday=weekday))
    closed = request.method == "POST" and "no_school" in request.POST
    if closed or form.is_valid():
        try:
            keep_hours_of_day(weekday, None if closed else form.times(), by=request.actor)
        except RuleViolation as violation:
            messages.warning(request, violation.sentence)
        else:
            messages.success(request, _("The hours are saved. What waits has its new time."))
        return redirect("set_up_hours")
    return _page(request, "hours_of_day", form, row=form.instance, has_school=row is not None)


def _later(day: date, years: int) -> date:
    """Return the same day `years` later; 29 February becomes 28."""
    return day.replace(year=day.year + years, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _first_words(request: PortalRequest, *, fresh: bool) -> dict[str, object]:
    """Return a new draft's text and dates: of the newest version, or made from the settings."""
    today, newest = localtime(request.school.now).date(), newest_published()
    if newest and not fresh:
        texts = {"en": newest.body_en, "cy": newest.body_cy}
    else:
        texts = starting_texts(request.school, school_hours(request.school))
    dates = {"dated": today, "review_by": _later(today, REVIEW_YEARS)}
    return {"body_en": texts["en"], "body_cy": texts["cy"], **dates}


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: PortalRequest) -> HttpResponse:
    """Write the draft of the terms, from a text that says what the portal does."""
    _leader(request)
    draft, fresh = newest_draft(), FreshTextForm(request.GET).read()
    initial = _first_words(request, fresh=fresh) if fresh or draft is None else {}
    form = TermsDraftForm(_sent(request), instance=draft or TermsVersion(), initial=initial)
    if form.is_valid():
        try:
            save_draft(form.instance, list(form.fields), by=request.actor)
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            return redirect("set_up_publish")
    return _page(request, "terms", form, published=newest_published())


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: PortalRequest) -> HttpResponse:
    """Show both languages as people will read them; publish on request."""
    _leader(request)
    draft = newest_draft()
    if draft is None:
        return redirect("set_up_terms")
    form, asked = PublishForm(_sent(request)), None
    if form.is_valid():
        try:
            publish_terms(draft, by=request.actor, at=request.school.now, untouched=form.confirmed())
        except LanguageUntouched as question:
            asked = question
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            messages.success(request, _("Published. Everybody is asked at their next page."))
            return redirect("set_up")
    context = {"form": form, "version": draft, "sides": sides(draft, newest_published()), "asked": asked}
    status = 409 if asked else 422 if form.errors else 200
    return render(request, "malpas/set_up/publish.html", context, status=status)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def behaviours(request: PortalRequest) -> HttpResponse:
    _leader(request)
    if request.method == "POST":
        keep_behaviours(by=request.actor)
        return redirect("set_up")
    rows = list(Behaviour.objects.all())
    groups = [(group.label, [row for row in rows if row.group == group]) for group in BehaviourGroup]
    return render(request, "malpas/set_up/behaviours.html", {"groups": groups})


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def behaviour(request: PortalRequest, pk: int | None = None) -> HttpResponse:
    """Change a behaviour, or add one."""
    _leader(request)
    row = get_object_or_404(Behaviour, pk=pk) if pk else Behaviour()
    form = BehaviourForm(_sent(request), instance=row)
    if form.is_valid():
        is_retired = form.cleaned_data["retired"]
        try:
            save_behaviour(
                form.instance,
                form.changed_data,
                is_retired=is_retired,
                by=request.actor,
                at=request.school.now,
            )
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            return redirect("set_up_behaviours")
    return _page(request, "behaviour", form, behaviour=row)
