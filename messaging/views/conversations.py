from hashlib import sha256

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.queries import school_hours
from classes.models import Pupil
from malpas.lib.errors import RuleViolation
from malpas.lib.failpoints import failpoint
from malpas.lib.htmx import go, refuse
from messaging import queries, rules, services
from messaging.forms import MessageForm, TalkForm
from messaging.models import Conversation


@require_safe
def conversations(request: HttpRequest) -> HttpResponse:
    actor, now = request.actor, request.school.now
    if actor.is_class:
        rows = queries.class_rows(actor, now=now)
        return render(request, "messaging/of_class.html", {"rows": rows})
    told = list(queries.own_enquiries(actor))
    rows = queries.parent_rows(actor, now=now)
    return render(request, "messaging/of_parent.html", {"rows": rows, "told": told})


@require_safe
def families(request: HttpRequest) -> HttpResponse:
    if not request.actor.is_class:
        raise Http404
    return render(request, "messaging/families.html", {"families": queries.families(request.actor)})


@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.get_conversation_for(request.actor, pk)
    return _write_or_show(request, found.pupil, found.parent, found)


@require_http_methods(["GET", "HEAD", "POST"])
def family_conversation(request: HttpRequest, pupil_id: int, parent_id: int | None = None) -> HttpResponse:
    pupil, parent = queries.family_of(request.actor, pupil_id, parent_id)
    begun = Conversation.objects.visible_to(request.actor).filter(pupil=pupil, parent=parent).first()
    if begun and request.method != "POST":
        about = "?about=meeting" if _asked(request)["about"] else ""
        return redirect(f"{reverse('conversation', args=[begun.pk])}{about}")
    return _write_or_show(request, pupil, parent, begun)


def _write_or_show(
    request: HttpRequest, pupil: Pupil, parent: User, found: Conversation | None
) -> HttpResponse:
    form = MessageForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            sent = services.send_message(
                pupil=pupil, parent=parent, by=request.actor, at=request.school.now, **form.cleaned_data
            )
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            failpoint("post.after_commit")
            _mark_read(request, sent.conversation_id)
            return go(request, f"{reverse('conversation', args=[sent.conversation_id])}#words")
    return _show(request, pupil, parent, found, form)


def _mark_read(request: HttpRequest, pk: int) -> None:
    hours = school_hours(request.school)
    services.mark_read(pk, by=request.actor, at=request.school.now, hours=hours)


def _show(
    request: HttpRequest, pupil: Pupil, parent: User, found: Conversation | None, form: MessageForm
) -> HttpResponse:
    talk = _talk(request, found)
    context = {
        "pupil": pupil,
        "parent": parent,
        "conversation": found,
        "form": form,
        "meeting": _asked(request)["about"],
        **talk,
    }
    return render(request, "messaging/conversation.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest) -> dict[str, object]:
    form = TalkForm(request.GET)
    if not form.is_valid():
        raise Http404
    return form.cleaned_data


def _talk(request: HttpRequest, found: Conversation | None) -> dict[str, object]:
    if found is None:
        return {"talk": [], "more": False, "unread": False, "mark": ""}
    before = _asked(request)["before"]
    older_than = queries.get_message_for(request.actor, before) if before else None
    shown, more = queries.talk(found, request.actor, now=request.school.now, before=older_than)
    unread = any(not one.mine and one.message.read_at is None for one in shown)
    return {"talk": shown, "more": more, "unread": unread, "mark": _mark(shown), "older": older_than}


def _mark(shown: list[queries.Shown]) -> str:
    state = [(one.message.pk, one.message.body, one.waiting, one.read_at) for one in shown]
    return sha256(repr(state).encode()).hexdigest()[:16]


@require_safe
def conversation_news(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.get_conversation_for(request.actor, pk)
    talk = _talk(request, found)
    if talk["mark"] == _asked(request)["mark"]:
        return HttpResponse(status=204)
    return render(request, "messaging/_messages.html", {"conversation": found, **talk})


@require_POST
def conversation_read(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.get_conversation_for(request.actor, pk)
    _mark_read(request, found.pk)
    return HttpResponse(status=204) if request.htmx else redirect("conversation", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def message_change(request: HttpRequest, pk: int) -> HttpResponse:
    message = queries.get_message_for(request.actor, pk)
    if not rules.may_change(message, request.actor):
        raise PermissionDenied
    form = MessageForm(request.POST if request.method == "POST" else None, initial={"body": message.body})
    if form.is_bound and form.is_valid():
        try:
            body = form.cleaned_data["body"]
            services.change_message(message, by=request.actor, at=request.school.now, body=body)
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            return go(request, reverse("conversation", args=[message.conversation_id]))
    status = 422 if form.errors else 200
    return render(request, "messaging/change.html", {"form": form, "message": message}, status=status)


@require_POST
def message_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    message = queries.get_message_for(request.actor, pk)
    if not rules.may_change(message, request.actor):
        raise PermissionDenied
    try:
        services.withdraw_message(message, by=request.actor, at=request.school.now)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
    else:
        messages.success(request, _("Withdrawn. It will not arrive."))
    still = Conversation.objects.visible_to(request.actor).filter(pk=message.conversation_id).exists()
    return redirect("conversation", message.conversation_id) if still else redirect("messages")
