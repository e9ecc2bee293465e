from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.calendar.hours import school_hours
from accounts.drafts.saved_forms import restored_values, restores_form
from accounts.gates import Opens, access
from accounts.http import PortalRequest
from accounts.models.people import User
from classes.models.pupils import Pupil
from malpas.lib.errors import RuleViolation
from malpas.lib.failpoints import failpoint
from malpas.lib.htmx import go, refresh_when_gone
from messaging.attachments.page import message_form, page_attachments, store_posted
from messaging.conversations.forms.messages import MessageForm, ReplyForm
from messaging.conversations.queries import access as access_queries
from messaging.conversations.queries.access import family_of, get_conversation_for
from messaging.conversations.queries.taken_back import find_words_back
from messaging.conversations.services.read_marks import mark_read
from messaging.conversations.services.send import send_message
from messaging.conversations.views.page import (
    conversation_query,
    get_conversation_page,
    newest,
    render_conversation,
    seen_of,
)
from messaging.conversations.views.refusals import refuse_message
from messaging.models.conversations import Conversation, Message
from messaging.screening.school_lists import standard_replies


@access()
@require_safe
def families(request: PortalRequest) -> HttpResponse:
    if not request.actor.is_class:
        raise Http404
    return render(
        request, "messaging/conversations/families.html", {"families": access_queries.families(request.actor)}
    )


@access(Opens.FOR_FAMILIES)
@restores_form
@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: PortalRequest, pk: int) -> HttpResponse:
    found = get_conversation_for(request.actor, pk)
    return _write_or_render(request, found.pupil, found.parent, found)


@access(Opens.FOR_FAMILIES)
@restores_form
@require_http_methods(["GET", "HEAD", "POST"])
def family_conversation(request: PortalRequest, pupil_id: int, parent_id: int | None = None) -> HttpResponse:
    pupil, parent = family_of(request.actor, pupil_id, parent_id)
    begun = Conversation.objects.visible_to(request.actor).filter(pupil=pupil, parent=parent).first()
    if begun and request.method != "POST":
        return redirect(newest(begun.pk))
    return _write_or_render(request, pupil, parent, begun)


def _write_or_render(
    request: PortalRequest, pupil: Pupil, parent: User, found: Conversation | None
) -> HttpResponse:
    taken_back = _taken_back(request, pupil, parent)
    files = [file.name for file in taken_back.files.all()] if taken_back else []
    attachments = page_attachments(request, store_posted(request), begun=files)
    if request.method == "POST" and "put" in request.POST and request.actor.is_class:
        return render_conversation(request, pupil, parent, found, _with_reply(request, parent), attachments)
    begun = restored_values(request) or ({"body": taken_back.body} if taken_back else None)
    form = message_form(request, MessageForm, begun)
    attachments.add_errors_to(form)
    if form.is_bound and form.is_valid():
        answers = form.cleaned_data | {"files": attachments.names}
        try:
            sent = send_message(
                pupil=pupil, parent=parent, by=request.actor, at=request.school.now, **answers
            )
        except RuleViolation as violation:
            refuse_message(request, form, violation)
        else:
            failpoint("post.after_commit")
            _mark_read(request, sent.conversation_id)
            return go(request, newest(sent.conversation_id))
    return render_conversation(request, pupil, parent, found, form, attachments, taken_back)


def _taken_back(request: PortalRequest, pupil: Pupil, parent: User) -> Message | None:
    """Return the withdrawn message whose text begins the next one."""
    if request.method == "POST":
        return None
    message = find_words_back(request.actor, conversation_query(request)["back"])
    is_here = message is not None and (message.conversation.pupil, message.conversation.parent) == (
        pupil,
        parent,
    )
    return message if is_here else None


def _with_reply(request: PortalRequest, parent: User) -> MessageForm:
    """Return the form with a standard reply after the typed text.

    The reply is in the family's language; nothing is sent.
    """
    typed, wanted = MessageForm(request.POST)["body"].value() or "", ReplyForm(request.POST)
    replies = {reply.pk: reply for reply in standard_replies(request.school)}
    if wanted.is_valid() and wanted.cleaned_data["reply"] in replies:
        text = replies[wanted.cleaned_data["reply"]].text_in(parent.language)
        typed = f"{typed}\n\n{text}" if typed else text
    return MessageForm(initial={"body": typed})


def _mark_read(request: PortalRequest, pk: int) -> None:
    hours = school_hours(request.school)
    mark_read(pk, by=request.actor, at=request.school.now, hours=hours, seen=seen_of(request))


@access(Opens.FOR_FAMILIES | Opens.UNATTENDED)
@require_safe
@refresh_when_gone
def conversation_news(request: PortalRequest, pk: int) -> HttpResponse:
    found = get_conversation_for(request.actor, pk)
    page, wanted = get_conversation_page(request, found), conversation_query(request)
    if page.mark == wanted["mark"]:
        return HttpResponse(status=204)
    news = {"conversation": found, "page": page, "live": wanted["live"], "new_key": uuid4}
    return render(request, "messaging/conversations/_news.html", news)


@access(Opens.FOR_FAMILIES | Opens.UNATTENDED)
@require_POST
def conversation_read(request: PortalRequest, pk: int) -> HttpResponse:
    found = get_conversation_for(request.actor, pk)
    _mark_read(request, found.pk)
    return HttpResponse(status=204) if request.htmx else redirect(newest(pk))
