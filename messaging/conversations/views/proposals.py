"""Ask for, offer, answer and note meetings and calls (TE-8, PA-8)."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.calendar.hours import school_hours
from accounts.gates import Opens, access
from accounts.http import PortalRequest
from classes.queries import is_read
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import go
from malpas.lib.posted import posted_from
from messaging.attachments.page import page_attachments, say_files_stay, store_posted
from messaging.conversations.forms.messages import MessageForm
from messaging.conversations.forms.proposals import TIMES, AnswerForm, CallForm, MeetingForm, OfferForm
from messaging.conversations.queries.access import family_of, get_conversation_for, get_proposal_to_answer
from messaging.conversations.rules import times_after_school
from messaging.conversations.services.done import note_completed, reopen_conversation, set_done
from messaging.conversations.services.proposals import (
    answer_times,
    ask_for_meeting,
    offer_times,
    promise_call,
)
from messaging.conversations.views.page import newest, render_conversation, seen_of
from messaging.conversations.views.refusals import refuse_message
from messaging.fields import KeyForm
from messaging.models.conversations import Conversation, Message


def _done(request: PortalRequest, sent: Message) -> HttpResponse:
    return go(request, newest(sent.conversation_id))


def _typed(request: PortalRequest) -> str:
    """Return what was typed in the message's form that led here."""
    return MessageForm(request.POST)["body"].value() if "body" in request.POST else ""


def _times_form(request: PortalRequest, kind: type, **initial: object):
    """Return the form, bound once a time was posted.

    Otherwise it starts with the text of the message's form.
    """
    posted = request.POST if request.method == "POST" and "time_1" in request.POST else None
    hours = school_hours(request.school)
    return kind(posted, now=request.school.now, hours=hours, initial=initial)


@access(Opens.FOR_FAMILIES)
@require_http_methods(["GET", "HEAD", "POST"])
def child_meeting(request: PortalRequest, pupil_id: int) -> HttpResponse:
    if request.actor.is_class:
        raise Http404
    pupil, parent = family_of(request.actor, pupil_id)
    say_files_stay(request)
    form = _times_form(request, MeetingForm, spoken=parent.language, about=_typed(request))
    if form.is_bound and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("about", "how", "spoken", "key", "confirmed")}
        try:
            sent = ask_for_meeting(
                pupil=pupil,
                parent=parent,
                by=request.actor,
                at=request.school.now,
                times=form.times(),
                **answers,
            )
        except RuleViolation as violation:
            refuse_message(request, form, violation)
        else:
            return _done(request, sent)
    context = {"form": form, "pupil": pupil, "nobody_reads": not is_read(pupil.classroom)}
    return render(request, "messaging/conversations/meeting.html", context, status=form.status)


def _of_class(request: PortalRequest, pk: int) -> Conversation:
    """Return the class's own conversation.

    A parent who may see it may not do what the class does.
    """
    found = get_conversation_for(request.actor, pk)
    if not request.actor.is_class:
        raise PermissionDenied
    return found


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def conversation_meet(request: PortalRequest, pk: int) -> HttpResponse:
    conversation, now = _of_class(request, pk), request.school.now
    say_files_stay(request)
    times = times_after_school(now, school_hours(request.school))
    form = _times_form(request, OfferForm, body=_typed(request), **dict(zip(TIMES, times, strict=False)))
    if form.is_bound and form.is_valid():
        answers = {name: form.cleaned_data[name] for name in ("body", "how", "key", "confirmed")}
        try:
            sent = offer_times(conversation, by=request.actor, at=now, times=form.times(), **answers)
        except RuleViolation as violation:
            refuse_message(request, form, violation)
        else:
            return _done(request, sent)
    return render(
        request,
        "messaging/conversations/offer.html",
        {"form": form, "conversation": conversation},
        status=form.status,
    )


@access(Opens.FOR_FAMILIES)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_answer(request: PortalRequest, pk: int) -> HttpResponse:
    offer = get_proposal_to_answer(request.actor, pk)
    posted, proposal = AnswerForm.tapped(request.POST) if request.method == "POST" else None, offer.proposal
    form = AnswerForm(posted, times=proposal.times, how=proposal.how)
    if form.is_bound and form.is_valid():
        answers = {name: form.cleaned_data.get(name, "") for name in ("how", "body", "key", "confirmed")}
        try:
            sent = answer_times(offer, by=request.actor, at=request.school.now, chosen=form.time(), **answers)
        except RuleViolation as violation:
            refuse_message(request, form, violation)
        else:
            return _done(request, sent)
    return render(
        request, "messaging/conversations/answer.html", {"form": form, "message": offer}, status=form.status
    )


def _act(request: PortalRequest, pk: int, verb: Callable[..., object], **facts) -> HttpResponse:
    """Run one action of the class; show a broken rule."""
    conversation, form = _of_class(request, pk), KeyForm(request.POST)
    form.is_valid()
    try:
        verb(conversation, by=request.actor, at=request.school.now, key=form.cleaned_data["key"], **facts)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
    return go(request, newest(conversation.pk))


@access()
@posted_from("conversation")
def conversation_call(request: PortalRequest, pk: int) -> HttpResponse:
    """Promise a call, with the typed text if any.

    The text is screened like any message.
    """
    conversation = _of_class(request, pk)
    attachments = page_attachments(request, store_posted(request))
    form = CallForm(request.POST, now=request.school.now, hours=school_hours(request.school))
    attachments.add_errors_to(form)
    if form.is_valid():
        answers = form.cleaned_data | {"files": attachments.names}
        try:
            promise_call(conversation, by=request.actor, at=request.school.now, **answers)
        except RuleViolation as violation:
            refuse_message(request, form, violation)
        else:
            return go(request, newest(conversation.pk))
    return render_conversation(
        request, conversation.pupil, conversation.parent, conversation, form, attachments
    )


@access()
@require_POST
def conversation_completed(request: PortalRequest, pk: int) -> HttpResponse:
    return _act(request, pk, note_completed, seen=seen_of(request))


@access()
@require_POST
def conversation_done(request: PortalRequest, pk: int) -> HttpResponse:
    conversation = _of_class(request, pk)
    try:
        set_done(conversation, by=request.actor, at=request.school.now, seen=seen_of(request))
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
        return go(request, newest(conversation.pk))
    return go(request, reverse("messages"))


@access()
@require_POST
def conversation_reopen(request: PortalRequest, pk: int) -> HttpResponse:
    conversation = _of_class(request, pk)
    reopen_conversation(conversation, by=request.actor)
    return redirect(newest(conversation.pk))
