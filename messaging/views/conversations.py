from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.kept import given_back, gives_back
from accounts.models import User
from accounts.queries import school_hours
from classes.models import Pupil
from malpas.lib.errors import RuleViolation
from malpas.lib.failpoints import failpoint
from malpas.lib.htmx import go, page_ends_with_it
from messaging import queries, services
from messaging.enums import TalkState
from messaging.forms import ListForm, MessageForm, ReplyForm
from messaging.models import Conversation
from messaging.queries.leavers import is_any_held_back
from messaging.views.enclosing import enclosed, words_form
from messaging.views.talk import asked, newest, read_talk, refuse_or_ask, seen_of, show_talk


@require_safe
def conversations(request: HttpRequest) -> HttpResponse:
    actor, now = request.actor, request.school.now
    if actor.is_class:
        return _of_class(request)
    told = [(enquiry, enquiry.state_for_family(now)) for enquiry in queries.own_enquiries(actor)]
    rows = queries.parent_rows(actor, now=now)
    return render(request, "messaging/of_parent.html", {"rows": rows, "told": told})


def _of_class(request: HttpRequest) -> HttpResponse:
    form = ListForm(request.GET)
    if not form.is_valid():
        raise Http404
    wanted = form.cleaned_data
    rows, more = queries.class_rows(request.actor, now=request.school.now, **wanted)
    held = is_any_held_back(request.actor, request.school.now)
    context = {"rows": rows, "more": more, "states": TalkState, "form": form, "held_back": held, **wanted}
    return render(request, "messaging/of_class.html", context)


@require_safe
def families(request: HttpRequest) -> HttpResponse:
    if not request.actor.is_class:
        raise Http404
    return render(request, "messaging/families.html", {"families": queries.families(request.actor)})


@gives_back
@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.get_conversation_for(request.actor, pk)
    return _write_or_show(request, found.pupil, found.parent, found)


@gives_back
@require_http_methods(["GET", "HEAD", "POST"])
def family_conversation(request: HttpRequest, pupil_id: int, parent_id: int | None = None) -> HttpResponse:
    pupil, parent = queries.family_of(request.actor, pupil_id, parent_id)
    begun = Conversation.objects.visible_to(request.actor).filter(pupil=pupil, parent=parent).first()
    if begun and request.method != "POST":
        return redirect(newest(begun.pk))
    return _write_or_show(request, pupil, parent, begun)


def _write_or_show(
    request: HttpRequest, pupil: Pupil, parent: User, found: Conversation | None
) -> HttpResponse:
    added = enclosed(request)
    if request.method == "POST" and "put" in request.POST and request.actor.is_class:
        return show_talk(request, pupil, parent, found, _with_reply(request, parent), added)
    form = words_form(request, MessageForm, given_back(request))
    added.complain(form)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data | {"files": added.names}
        try:
            sent = services.send_message(
                pupil=pupil, parent=parent, by=request.actor, at=request.school.now, **said
            )
        except RuleViolation as violation:
            refuse_or_ask(request, form, violation)
        else:
            failpoint("post.after_commit")
            _mark_read(request, sent.conversation_id)
            return go(request, newest(sent.conversation_id))
    return show_talk(request, pupil, parent, found, form, added)


def _with_reply(request: HttpRequest, parent: User) -> MessageForm:
    """The form again with a standard reply after what was typed, in the family's language; nothing is sent."""
    typed, wanted = MessageForm(request.POST)["body"].value() or "", ReplyForm(request.POST)
    replies = {reply.pk: reply for reply in queries.standard_replies(request.school)}
    if wanted.is_valid() and wanted.cleaned_data["reply"] in replies:
        said = replies[wanted.cleaned_data["reply"]].said_in(parent.language)
        typed = f"{typed}\n\n{said}" if typed else said
    return MessageForm(initial={"body": typed})


def _mark_read(request: HttpRequest, pk: int) -> None:
    hours = school_hours(request.school)
    services.mark_read(pk, by=request.actor, at=request.school.now, hours=hours, seen=seen_of(request))


@require_safe
@page_ends_with_it
def conversation_news(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.get_conversation_for(request.actor, pk)
    talk, wanted = read_talk(request, found), asked(request)
    if talk.mark == wanted["mark"]:
        return HttpResponse(status=204)
    news = {"conversation": found, "talk": talk, "live": wanted["live"], "press": uuid4}
    return render(request, "messaging/_news.html", news)


@require_POST
def conversation_read(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.get_conversation_for(request.actor, pk)
    _mark_read(request, found.pk)
    return HttpResponse(status=204) if request.htmx else redirect(newest(pk))
