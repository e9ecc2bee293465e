"""Write to several families, show who got it, withdraw what is pending."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.drafts.saved_forms import restored_values, restores_form
from accounts.gates import access
from accounts.http import PortalRequest
from malpas.lib.errors import RuleViolation
from malpas.lib.failpoints import failpoint
from malpas.lib.htmx import go
from messaging.attachments.page import message_form, page_attachments, store_posted
from messaging.conversations.forms.broadcasts import BroadcastForm
from messaging.conversations.forms.messages import AgainForm
from messaging.conversations.queries.broadcasts import (
    children_with_adults,
    get_broadcast_for,
    get_sent_body,
    outcome,
    sent_lately,
)
from messaging.conversations.rules import may_write_to_many
from messaging.conversations.services.broadcasts import send_to_many, withdraw_broadcast
from messaging.conversations.views.refusals import refuse_message


def _begun(request: PortalRequest) -> dict[str, object] | None:
    """Return the initial values: a restored form's, or an earlier broadcast's (?again=)."""
    wanted = AgainForm(request.GET)
    if not wanted.is_valid():
        raise Http404
    if saved := restored_values(request):
        return dict(saved)
    if again := wanted.cleaned_data["again"]:
        body, children = get_sent_body(request.actor, again)
        return {"body": body, "children": children}
    return None


@access()
@restores_form
@require_http_methods(["GET", "HEAD", "POST"])
def families_write(request: PortalRequest) -> HttpResponse:
    actor, now = request.actor, request.school.now
    if not may_write_to_many(actor):
        raise Http404
    form = message_form(request, BroadcastForm, _begun(request), children=children_with_adults(actor))
    attachments = page_attachments(request, store_posted(request))
    attachments.add_errors_to(form)
    if form.is_bound and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("body", "confirmed", "key")} | {
            "files": attachments.names
        }
        try:
            sent = send_to_many(pupils=form.pupils(), by=actor, at=now, **answers)
        except RuleViolation as violation:
            refuse_message(request, form, violation)
        else:
            failpoint("post.after_commit")
            return go(request, reverse("broadcast", args=[sent.pk]))
    context = {
        "form": form,
        "attachments": attachments,
        "confirm_kind": form.confirm_kind,
        "lately": sent_lately(actor, now),
    }
    return render(request, "messaging/conversations/families_write.html", context, status=form.status)


@access()
@require_safe
def broadcast(request: PortalRequest, pk: int) -> HttpResponse:
    found = get_broadcast_for(request.actor, pk)
    sent = outcome(found, request.actor, request.school.now)
    return render(request, "messaging/conversations/broadcast.html", {"broadcast": found, "sent": sent})


@access()
@require_POST
def broadcast_withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    found = get_broadcast_for(request.actor, pk)
    try:
        withdraw_broadcast(found, by=request.actor, at=request.school.now)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
    else:
        messages.success(request, _("Withdrawn. What waited will not arrive."))
    return redirect("broadcast", pk)
