"""Show leaders figures, the suspension and a conversation (TE-4, TE-7)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.calendar.hours import school_hours
from accounts.gates import access
from accounts.http import PortalRequest
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse
from malpas.lib.posted import posted_from
from messaging.conversations.rules import may_oversee
from messaging.conversations.views.page import conversation_query
from messaging.oversight.access import open_oversight_access
from messaging.oversight.forms import FindForm, ReasonForm
from messaging.oversight.queries import (
    conversation_overseen,
    conversations_about,
    current_suspension,
    get_conversation_to_oversee,
    get_oversight_access_for,
    staff_waiting,
    staff_weeks,
)
from messaging.oversight.suspension import lift_suspension, suspend_messaging


def _leader(request: PortalRequest) -> None:
    if not may_oversee(request.actor):
        raise Http404


def _page(request: PortalRequest, form: ReasonForm) -> HttpResponse:
    find = FindForm(request.GET)
    child = find.cleaned_data["child"] if find.is_valid() else ""
    context = {
        "form": form,
        "find": find,
        "child": child,
        "conversations": conversations_about(request.actor, child),
        "suspension": current_suspension(),
        "weeks": staff_weeks(now=request.school.now, hours=school_hours(request.school)),
        "waiting": staff_waiting(),
    }
    return render(request, "messaging/oversight/oversight.html", context, status=422 if form.errors else 200)


@access()
@require_safe
def oversight(request: PortalRequest) -> HttpResponse:
    _leader(request)
    return _page(request, ReasonForm())


@access()
@posted_from("oversight")
def messaging_suspend(request: PortalRequest) -> HttpResponse:
    _leader(request)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            suspend_messaging(by=request.actor, at=request.school.now, **form.cleaned_data)
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            return redirect("oversight")
    return _page(request, form)


@access()
@require_POST
def messaging_resume(request: PortalRequest) -> HttpResponse:
    _leader(request)
    if lift_suspension(by=request.actor, at=request.school.now):
        messages.success(request, _("Messages are on again. What waited arrives when school next opens."))
    return redirect("oversight")


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def oversight_begin(request: PortalRequest, pk: int) -> HttpResponse:
    conversation = get_conversation_to_oversee(request.actor, pk)
    find = FindForm(request.GET)
    report = find.cleaned_data["report"] if find.is_valid() else None
    begins = _("Report %(number)s") % {"number": report} if report else ""
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"reason": begins})
    if form.is_bound and form.is_valid():
        try:
            oversight_access = open_oversight_access(
                conversation, by=request.actor, at=request.school.now, **form.cleaned_data
            )
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            return redirect("oversight_access", oversight_access.pk)
    status = 422 if form.errors else 200
    return render(
        request, "messaging/oversight/begin.html", {"form": form, "conversation": conversation}, status=status
    )


@access()
@require_safe
def oversight_access(request: PortalRequest, pk: int) -> HttpResponse:
    found = get_oversight_access_for(request.actor, pk, now=request.school.now)
    before = conversation_query(request)["before"]
    views, more = conversation_overseen(found, request.actor, now=request.school.now, before=before)
    context = {
        "oversight_access": found,
        "conversation": found.conversation,
        "message_views": views,
        "more": more,
        "before": before,
    }
    return render(request, "messaging/oversight/conversation.html", context)
