from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.drafts.saved_forms import restored_values, restores_form
from accounts.gates import Opens, access
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import go
from messaging.attachments.page import enclosed, message_form
from messaging.conversations.forms.messages import MessageForm
from messaging.conversations.queries.messages import get_message_for
from messaging.conversations.rules import may_change
from messaging.conversations.services.send import change_message, withdraw_message
from messaging.conversations.views.page import newest, refuse_or_ask
from messaging.models.conversations import Conversation


@access(Opens.FOR_FAMILIES)
@restores_form
@require_http_methods(["GET", "HEAD", "POST"])
def message_change(request: HttpRequest, pk: int) -> HttpResponse:
    message = get_message_for(request.actor, pk)
    if not may_change(message, request.actor):
        raise PermissionDenied
    begun = restored_values(request) or {"body": message.body}
    form = message_form(request, MessageForm, begun)
    added = enclosed(request, message)
    added.complain(form)
    if form.is_bound and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("body", "confirmed")}
        said |= {"files": added.names, "described": added.described}
        try:
            change_message(message, by=request.actor, at=request.school.now, **said)
        except RuleViolation as violation:
            refuse_or_ask(request, form, violation)
        else:
            return go(request, newest(message.conversation_id))
    status = 422 if form.errors else 200
    context = {"form": form, "message": message, "added": added, "pupil": message.conversation.pupil}
    context |= {name: getattr(form, name, "") for name in ("confirm_kind", "office_topic")}
    return render(request, "messaging/conversations/change.html", context, status=status)


@access(Opens.FOR_FAMILIES)
@require_POST
def message_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    message = get_message_for(request.actor, pk)
    if not may_change(message, request.actor):
        raise PermissionDenied
    try:
        withdraw_message(message, by=request.actor, at=request.school.now)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
    else:
        messages.success(request, _("Withdrawn. It will not arrive."))
    still = Conversation.objects.visible_to(request.actor).filter(pk=message.conversation_id).exists()
    return redirect(newest(message.conversation_id)) if still else redirect("messages")
