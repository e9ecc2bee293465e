"""Senior leaders: the stop, the figures, a look into a conversation (TE-4, TE-7)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.calendar.hours import school_hours
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse
from messaging.conversations.rules import may_look
from messaging.conversations.views.page import asked
from messaging.oversight.access import look_into
from messaging.oversight.forms import FindForm, ReasonForm
from messaging.oversight.queries import (
    get_look_for,
    get_talk_to_look_into,
    looked_at,
    running_stop,
    staff_waiting,
    staff_weeks,
    talks_about,
)
from messaging.oversight.suspension import lift_stop, stop_messages


def _leader(request: HttpRequest) -> None:
    if not may_look(request.actor):
        raise Http404


def _page(request: HttpRequest, form: ReasonForm) -> HttpResponse:
    find = FindForm(request.GET)
    child = find.cleaned_data["child"] if find.is_valid() else ""
    context = {
        "form": form,
        "find": find,
        "child": child,
        "talks": talks_about(request.actor, child),
        "stop": running_stop(),
        "weeks": staff_weeks(now=request.school.now, hours=school_hours(request.school)),
        "waiting": staff_waiting(),
    }
    return render(request, "messaging/oversight/oversight.html", context, status=422 if form.errors else 200)


@require_safe
def oversight(request: HttpRequest) -> HttpResponse:
    _leader(request)
    return _page(request, ReasonForm())


@require_POST
def messages_stop(request: HttpRequest) -> HttpResponse:
    _leader(request)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            stop_messages(by=request.actor, at=request.school.now, **form.cleaned_data)
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            return redirect("oversight")
    return _page(request, form)


@require_POST
def messages_lift(request: HttpRequest) -> HttpResponse:
    _leader(request)
    if lift_stop(by=request.actor, at=request.school.now):
        messages.success(request, _("Messages go on. What waited arrives at the next opening."))
    return redirect("oversight")


@require_http_methods(["GET", "HEAD", "POST"])
def look_begin(request: HttpRequest, pk: int) -> HttpResponse:
    talk = get_talk_to_look_into(request.actor, pk)
    find = FindForm(request.GET)
    report = find.cleaned_data["report"] if find.is_valid() else None
    begins = _("Report %(number)s") % {"number": report} if report else ""
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"reason": begins})
    if form.is_bound and form.is_valid():
        try:
            look = look_into(talk, by=request.actor, at=request.school.now, **form.cleaned_data)
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            return redirect("look", look.pk)
    status = 422 if form.errors else 200
    return render(
        request, "messaging/oversight/begin.html", {"form": form, "conversation": talk}, status=status
    )


@require_safe
def look(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_look_for(request.actor, pk, now=request.school.now)
    before = asked(request)["before"]
    shown, more = looked_at(found, request.actor, now=request.school.now, before=before)
    context = {
        "look": found,
        "conversation": found.conversation,
        "shown": shown,
        "more": more,
        "before": before,
    }
    return render(request, "messaging/oversight/conversation.html", context)
