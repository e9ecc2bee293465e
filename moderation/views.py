from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gates import Opens, access
from accounts.http import PortalRequest
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import go, refuse
from messaging.file_access.views import file_answer
from messaging.models.conversations import Message
from moderation.clauses import sentence
from moderation.forms import ReportForm
from moderation.queries import (
    get_own_report,
    get_report_for,
    get_reported_file,
    get_to_report,
    present_snapshot,
    received_warnings,
    seen_sign,
)
from moderation.rules import is_own
from moderation.services.reports import mark_opened, mark_warnings_read, report_item
from stories.models import Post


@access(Opens.FOR_FAMILIES)
@require_http_methods(["GET", "HEAD", "POST"])
def report_message(request: PortalRequest, message_id: int) -> HttpResponse:
    return _report(request, Message, message_id)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def report_post(request: PortalRequest, post_id: int) -> HttpResponse:
    return _report(request, Post, post_id)


def _report(request: PortalRequest, model: type[Message | Post], pk: int) -> HttpResponse:
    sent = request.method == "POST"
    form = ReportForm(request.POST if sent else None)
    item, still_there = get_to_report(model, pk, request.actor, form.seen_before())
    if is_own(item, request.actor):
        raise Http404
    form.initial["seen"] = seen_sign(item, request.actor)
    if sent and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("category", "note")}
        try:
            report = report_item(item, by=request.actor, at=request.school.now, **answers)
            return go(request, redirect("report_thanks", report.pk).url)
        except RuleViolation as violation:
            refuse(form, violation)
    context = {"form": form, "item": item if still_there else None, "is_post": model is Post}
    return render(request, "moderation/report.html", context, status=422 if form.errors else 200)


@access()
@require_safe
def thanks(request: PortalRequest, report_id: int) -> HttpResponse:
    return render(request, "moderation/thanks.html", {"report": get_own_report(request.actor, report_id)})


@access()
@require_safe
def read_report(request: PortalRequest, report_id: int) -> HttpResponse:
    report = get_report_for(request.actor, report_id)
    mark_opened(report, by=request.actor)
    return render(request, "moderation/read.html", {"report": report, "snapshot": present_snapshot(report)})


@access()
@require_safe
def report_file(request: PortalRequest, report_id: int, name: str) -> FileResponse:
    return file_answer(get_reported_file(request.actor, report_id, name))


@access(Opens.FOR_FAMILIES)
def warnings(request: PortalRequest) -> HttpResponse:
    warnings = _warnings(request)
    for warning in warnings:
        warning.rule = sentence(warning.clause)
    unread = any(warning.is_unread for warning in warnings)
    return render(request, "moderation/warnings.html", {"warnings": warnings, "unread": unread})


@access(Opens.FOR_FAMILIES)
@require_POST
def warnings_read(request: PortalRequest) -> HttpResponse:
    _warnings(request)
    mark_warnings_read(by=request.actor, at=request.school.now)
    return go(request, redirect("warnings").url)


@access()
@require_safe
def warnings_banner(request: PortalRequest) -> HttpResponse:
    unread = sum(warning.is_unread for warning in _warnings(request))
    if not unread:
        return HttpResponse(status=204)
    return render(request, "moderation/_warnings_banner.html", {"unread": unread})


def _warnings(request: PortalRequest):
    if not request.actor.is_personal:
        raise Http404
    return list(received_warnings(request.actor.user))
