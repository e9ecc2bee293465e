from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import access
from accounts.http import PortalRequest
from malpas.lib.errors import RuleViolation
from messaging.conversations.queries.departed import get_withheld_for, withheld_unsent
from messaging.conversations.services.departed import send_for_departed
from messaging.conversations.views.page import newest


@access()
@require_safe
def departed_pending(request: PortalRequest) -> HttpResponse:
    if not request.actor.is_class:
        raise Http404
    withheld = withheld_unsent(request.actor, request.school.now)
    return render(request, "messaging/conversations/departed.html", {"withheld": withheld})


@access()
@require_POST
def departed_send(request: PortalRequest, pk: int) -> HttpResponse:
    now = request.school.now
    message = get_withheld_for(request.actor, pk, now)
    try:
        sent = send_for_departed(message, by=request.actor, at=now)
    except RuleViolation as violation:
        messages.error(request, violation.sentence)
        return redirect("departed_pending")
    messages.success(request, _("Sent in your name."))
    return redirect(newest(sent.conversation_id))


@access()
@require_POST
def departed_send_all(request: PortalRequest) -> HttpResponse:
    """Send all withheld messages; what may not go stays, with the reason."""
    if not request.actor.is_class:
        raise Http404
    now, sent, why = request.school.now, 0, set()
    for message in withheld_unsent(request.actor, now):
        try:
            send_for_departed(message, by=request.actor, at=now)
            sent += 1
        except RuleViolation as violation:
            why.add(violation.sentence)
    if sent:
        summary = ngettext("%(sent)s was sent in your name.", "%(sent)s were sent in your name.", sent)
        messages.success(request, summary % {"sent": sent})
    for sentence in sorted(why):
        messages.error(request, sentence)
    return redirect("departed_pending")
