"""Let a class reroute a misdirected message to the office (PA-7)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.gates import access
from accounts.http import PortalRequest
from malpas.lib.errors import RuleViolation
from messaging.conversations.queries.access import get_message_for
from messaging.enums import Topic
from messaging.models.conversations import Conversation, Message
from messaging.office.forms.staff import RerouteForm
from messaging.office.rules.enquiries import (
    may_reroute,
)
from messaging.office.services.rerouting import reroute_message
from messaging.screening.keyword_rules import office_topic


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def message_reroute(request: PortalRequest, pk: int) -> HttpResponse:
    """Reroute a misdirected message with one tap on its topic (PA-7)."""
    message = get_message_for(request.actor, pk)
    if not may_reroute(message, request.actor, now=request.school.now):
        raise Http404
    form = RerouteForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            enquiry = reroute_message(
                message, topic=form.cleaned_data["topic"], by=request.actor, at=request.school.now
            )
            messages.success(
                request,
                _("The office has that message now: %(reference)s. The family is told.")
                % {"reference": enquiry.reference},
            )
        except RuleViolation as violation:
            messages.warning(request, violation.sentence)
        return redirect(_back_to_conversation(message, request))
    found = office_topic(message.body, request.school)
    suggested = found.about if found else ""
    topics = sorted(Topic, key=lambda topic: topic != suggested)
    context = {"message": message, "topics": topics, "suggested": suggested}
    return render(
        request, "messaging/conversations/reroute.html", context, status=422 if form.errors else 200
    )


def _back_to_conversation(message: Message, request: PortalRequest) -> str:
    """Return the conversation, or the page to write to this family where nothing is left to see in it."""
    conversation = message.conversation
    if Conversation.objects.visible_to(request.actor).filter(pk=conversation.pk).exists():
        return reverse("conversation", args=[conversation.pk])
    return reverse("family_conversation", args=[conversation.pupil_id, conversation.parent_id])
