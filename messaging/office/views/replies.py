"""Let the office keep its own standard replies (PA-7)."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gates import access
from accounts.http import PortalRequest
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse
from messaging.models.screening import StandardReply
from messaging.office.forms.replies import ReplyForm
from messaging.office.queries.replies import get_reply_to_keep, replies_to_keep
from messaging.office.services import replies


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def office_replies(request: PortalRequest) -> HttpResponse:
    """List the replies; POST makes one."""
    replies_here = replies_to_keep(request.actor)
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            replies.add_reply(form.cleaned_data, by=request.actor)
            messages.success(request, _("It is on the list of replies."))
            return redirect("office_replies")
        except RuleViolation as violation:
            refuse(form, violation)
    rows = list(replies_here)
    context = {
        "form": form,
        "rows": [row for row in rows if row.retired_at is None],
        "retired": [row for row in rows if row.retired_at],
    }
    return render(request, "messaging/office/replies.html", context, status=422 if form.errors else 200)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def office_reply(request: PortalRequest, pk: int) -> HttpResponse:
    reply = get_reply_to_keep(request.actor, pk)
    before = {name: getattr(reply, name) for name in replies.COLUMNS}
    form = ReplyForm(request.POST if request.method == "POST" else None, initial=before)
    if form.is_bound and form.is_valid():
        try:
            replies.change_reply(reply, form.cleaned_data, by=request.actor)
            messages.success(request, _("Changed."))
            return redirect("office_replies")
        except RuleViolation as violation:
            refuse(form, violation)
    context = {"form": form, "reply": reply}
    return render(request, "messaging/office/reply.html", context, status=422 if form.errors else 200)


def _act(request: PortalRequest, pk: int, act: Callable[[StandardReply], None]) -> HttpResponse:
    """Run one action on a reply; show a broken rule."""
    reply = get_reply_to_keep(request.actor, pk)
    try:
        act(reply)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
    return redirect("office_replies")


@access()
@require_POST
def office_reply_retire(request: PortalRequest, pk: int) -> HttpResponse:
    return _act(
        request, pk, lambda reply: replies.retire_reply(reply, by=request.actor, at=request.school.now)
    )


@access()
@require_POST
def office_reply_restore(request: PortalRequest, pk: int) -> HttpResponse:
    return _act(request, pk, lambda reply: replies.restore_reply(reply, by=request.actor))
