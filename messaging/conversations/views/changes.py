from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.drafts.saved_forms import restored_values, restores_form
from accounts.gates import Opens, access
from accounts.http import PortalRequest
from malpas.lib.errors import RuleViolation
from malpas.lib.hidden import hide
from malpas.lib.htmx import go
from messaging.attachments.page import message_form, page_attachments, store_posted
from messaging.conversations.forms.messages import MessageForm
from messaging.conversations.queries.access import get_message_for
from messaging.conversations.queries.taken_back import find_taken_back, get_taken_back_for
from messaging.conversations.rules import may_change
from messaging.conversations.services.change import change_message, withdraw_message
from messaging.conversations.services.put_back import put_back
from messaging.conversations.views.page import newest
from messaging.conversations.views.refusals import refuse_message
from messaging.models.conversations import Conversation, Message


@access(Opens.FOR_FAMILIES)
@restores_form
@require_http_methods(["GET", "HEAD", "POST"])
def message_change(request: PortalRequest, pk: int) -> HttpResponse:
    message = get_message_for(request.actor, pk)
    if not may_change(message, request.actor):
        raise PermissionDenied
    begun = restored_values(request) or {"body": message.body}
    form = message_form(request, MessageForm, begun)
    attachments = page_attachments(request, store_posted(request), message)
    attachments.add_errors_to(form)
    if form.is_bound and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("body", "confirmed")}
        answers |= {"files": attachments.names, "described": attachments.described}
        try:
            change_message(message, by=request.actor, at=request.school.now, **answers)
        except RuleViolation as violation:
            refuse_message(request, form, violation)
        else:
            return go(request, newest(message.conversation_id))
    context = {
        "form": form,
        "message": message,
        "attachments": attachments,
        "pupil": message.conversation.pupil,
    }
    context |= {"confirm_kind": form.confirm_kind, "office_topic": form.office_topic}
    return render(request, "messaging/conversations/change.html", context, status=form.status)


@access(Opens.FOR_FAMILIES)
@require_POST
def message_withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    message = find_taken_back(request.actor, pk) or get_message_for(request.actor, pk)
    if not may_change(message, request.actor):
        raise PermissionDenied
    try:
        withdraw_message(message, by=request.actor, at=request.school.now)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
        return redirect(newest(message.conversation_id))
    return redirect(_in_its_place(message, request))


@access(Opens.FOR_FAMILIES)
@require_POST
def message_put_back(request: PortalRequest, pk: int) -> HttpResponse:
    message = get_taken_back_for(request.actor, pk)
    try:
        sent = put_back(message, by=request.actor, at=request.school.now)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
        return redirect(_in_its_place(message, request))
    return redirect(newest(sent.conversation_id))


def _in_its_place(message: Message, request: PortalRequest) -> str:
    """Return the page with a withdrawn message's notice, and its text in the field.

    A conversation in which the class sees nothing any more has not begun for it.
    """
    conversation, number = message.conversation, hide(message.pk)
    if Conversation.objects.visible_to(request.actor).filter(pk=conversation.pk).exists():
        page = reverse("conversation", args=[conversation.pk])
    else:
        page = reverse("family_conversation", args=[conversation.pupil_id, conversation.parent_id])
    return f"{page}?back={number}#message-{number}"
