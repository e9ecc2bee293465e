"""List conversations, and for a parent also enquiries."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.gates import Opens, access
from accounts.http import PortalRequest
from messaging.conversations.forms.messages import ListForm
from messaging.conversations.queries.class_inbox import class_rows
from messaging.conversations.queries.departed import has_withheld
from messaging.conversations.queries.parent_inbox import parent_rows
from messaging.enums import ConversationState
from messaging.office.queries.enquiries import own_enquiries


@access(Opens.FOR_FAMILIES)
@require_safe
def conversations(request: PortalRequest) -> HttpResponse:
    actor, now = request.actor, request.school.now
    if actor.is_class:
        return _of_class(request)
    enquiries = [(enquiry, enquiry.state_for_family(now)) for enquiry in own_enquiries(actor)]
    rows = parent_rows(actor, now=now)
    return render(
        request, "messaging/conversations/parent_inbox.html", {"rows": rows, "enquiries": enquiries}
    )


def _of_class(request: PortalRequest) -> HttpResponse:
    form = ListForm(request.GET)
    if not form.is_valid():
        raise Http404
    wanted = form.cleaned_data
    rows, more = class_rows(request.actor, now=request.school.now, **wanted)
    withheld = has_withheld(request.actor, request.school.now)
    context = {
        "rows": rows,
        "more": more,
        "states": ConversationState,
        "form": form,
        "withheld": withheld,
        **wanted,
    }
    return render(request, "messaging/conversations/class_inbox.html", context)
