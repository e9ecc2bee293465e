"""Cancel, move and note down an agreed meeting or call, by either side (TE-8, PA-8)."""

from datetime import UTC

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.calendar.hours import school_hours
from accounts.gates import Opens, access
from accounts.http import PortalRequest
from malpas.lib.errors import RuleViolation
from malpas.lib.hidden import hide
from malpas.lib.htmx import go
from malpas.lib.ics.writer import appointment
from messaging.conversations.forms.proposals import TIMES, MeetingForm, OfferForm
from messaging.conversations.meeting_text import title_of
from messaging.conversations.queries.meetings import get_agreed_for
from messaging.conversations.rules import times_after_school
from messaging.conversations.services.meetings import cancel_meeting, move_meeting
from messaging.conversations.views.page import newest
from messaging.conversations.views.refusals import refuse_message
from messaging.enums import MeetingHow
from messaging.fields import KeyForm
from messaging.models.conversations import Message

MINUTES = 15


@access(Opens.FOR_FAMILIES)
@require_POST
def meeting_cancel(request: PortalRequest, pk: int) -> HttpResponse:
    agreed, form = get_agreed_for(request.actor, pk), KeyForm(request.POST)
    form.is_valid()
    try:
        cancel_meeting(agreed, by=request.actor, at=request.school.now, key=form.cleaned_data["key"])
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
    return redirect(newest(agreed.conversation_id))


@access(Opens.FOR_FAMILIES)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_move(request: PortalRequest, pk: int) -> HttpResponse:
    agreed = get_agreed_for(request.actor, pk)
    form = _form(request, agreed)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        body = said["body"] if request.actor.is_class else said["about"]
        facts = {name: said[name] for name in ("how", "spoken", "key", "confirmed") if name in said}
        try:
            sent = move_meeting(
                agreed, by=request.actor, at=request.school.now, times=form.times(), body=body, **facts
            )
        except RuleViolation as violation:
            refuse_message(request, form, violation)
        else:
            return go(request, newest(sent.conversation_id))
    page = "offer" if request.actor.is_class else "meeting"
    conversation = agreed.conversation
    context = {"form": form, "conversation": conversation, "pupil": conversation.pupil, "moves": agreed}
    return render(request, f"messaging/conversations/{page}.html", context, status=form.status)


def _form(request: PortalRequest, agreed: Message) -> MeetingForm | OfferForm:
    hours, now = school_hours(request.school), request.school.now
    posted = request.POST if request.method == "POST" else None
    how = agreed.proposal.how or MeetingHow.TELEPHONE
    if request.actor.is_class:
        times = dict(zip(TIMES, times_after_school(now, hours), strict=False))
        return OfferForm(posted, now=now, hours=hours, initial=times | {"how": how})
    spoken = agreed.proposal.spoken or agreed.conversation.parent.language
    return MeetingForm(posted, now=now, hours=hours, initial={"how": how, "spoken": spoken})


@access(Opens.FOR_FAMILIES)
@require_safe
def meeting_file(request: PortalRequest, pk: int) -> HttpResponse:
    """Download the appointment for a calendar."""
    agreed, actor = get_agreed_for(request.actor, pk), request.actor
    proposal, conversation = agreed.proposal, agreed.conversation
    if proposal.chosen is None:
        raise Http404
    title = title_of(proposal, mine=True, by_class=actor.is_class, parent=conversation.parent.name)
    content = appointment(
        uid=f"meeting-{hide(agreed.pk)}@{request.get_host()}",
        starts=proposal.chosen.astimezone(UTC),
        minutes=MINUTES,
        title=f"{request.school.short_name}: {title}",
        place=request.school.name if proposal.how == MeetingHow.IN_PERSON else "",
        made_at=request.school.now.astimezone(UTC),
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="school.ics"'
    return response
