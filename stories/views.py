from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.kept import given_back, gives_back
from accounts.tasks import nudge
from classes.queries import children_of, get_own_class
from malpas.lib.dates import day_and_time
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import go, refuse
from malpas.lib.photo_files import path_of
from malpas.lib.photos import SIZES
from malpas.lib.serving import photo_answer
from stories import queries, rules, services, tasks
from stories.forms import FeedForm, StoryForm, WordsForm
from stories.models import Post


@require_safe
def newsfeed(request: HttpRequest) -> HttpResponse:
    actor, form = request.actor, FeedForm(request.GET)
    if not form.is_valid():
        raise Http404
    children = children_of(actor) if actor.is_parent else []
    wanted, before = form.cleaned_data["child"], form.cleaned_data["before"]
    child = next((each for each in children if each.pk == wanted), None)
    if wanted and child is None:
        raise Http404
    writes = rules.may_write_at_all(actor)
    context: dict[str, object] = {
        "children": children,
        "child": child,
        "feed": queries.feed(actor, child=child, before=before),
        "first_page": before is None,
        "writes": writes,
        "waiting": queries.waiting_of(actor) if writes and before is None else [],
    }
    if writes:
        context["hours"] = queries.story_banner(request.school)
    return render(request, "stories/newsfeed.html", context)


@require_safe
def post(request: HttpRequest, post_id: int) -> HttpResponse:
    found = queries.get_post_for(request.actor, post_id)
    waiting = rules.is_waiting(found, request.school.now)
    context = {
        "post": found,
        "waiting": waiting,
        "changes": waiting and rules.may_change(found, request.actor),
    }
    return render(request, "stories/post.html", context)


def _said(found: Post, request: HttpRequest) -> str:
    if rules.is_waiting(found, request.school.now):
        return _("Your story waits. It goes out on %(when)s.") % {"when": day_and_time(found.release_at)}
    return _("Your story is out. Families can read it now.")


def _write(request: HttpRequest, form: StoryForm) -> HttpResponse | None:
    pictures, words = form.pictures(), form.cleaned_data
    classroom = get_own_class(request.actor) if request.actor.is_class else None
    try:
        written = services.write_post(
            classroom,
            by=request.actor,
            at=request.school.now,
            title=words["title"],
            body=words["body"],
            key=words["key"],
            photos=list(pictures.values()),
        )
    except services.PhotoRefused as refused:
        name = f"photo_{list(pictures)[refused.index]}"
        form.add_error(name, refused.sentence)
        form.ask_again(but=name)
        return None
    except RuleViolation as violation:
        refuse(form, violation).ask_again()
        return None
    nudge(tasks.announce)
    messages.success(request, _said(written, request))
    return go(request, reverse("newsfeed"))


@gives_back
@require_http_methods(["GET", "HEAD", "POST"])
def post_new(request: HttpRequest) -> HttpResponse:
    if not rules.may_write_at_all(request.actor):
        raise PermissionDenied
    sent = request.method == "POST"
    form = StoryForm(request.POST, request.FILES) if sent else StoryForm(initial=given_back(request))
    if sent and form.is_valid() and (answer := _write(request, form)):
        return answer
    context = {"form": form, "hours": queries.story_banner(request.school)}
    return render(request, "stories/post_new.html", context, status=422 if sent else 200)


def _own_post(request: HttpRequest, post_id: int) -> Post:
    found = queries.get_post_for(request.actor, post_id)
    if not rules.may_change(found, request.actor):
        raise PermissionDenied
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def post_change(request: HttpRequest, post_id: int) -> HttpResponse:
    found, sent = _own_post(request, post_id), request.method == "POST"
    form = WordsForm(request.POST if sent else None, initial={"title": found.title, "body": found.body})
    if sent and form.is_valid():
        try:
            services.change_post(found, by=request.actor, **form.cleaned_data)
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            messages.success(request, _said(found, request))
            return go(request, reverse("newsfeed"))
    context = {"form": form, "post": found, "hours": queries.story_banner(request.school)}
    return render(request, "stories/post_change.html", context, status=422 if sent else 200)


@require_POST
def post_withdraw(request: HttpRequest, post_id: int) -> HttpResponse:
    found = _own_post(request, post_id)
    try:
        services.withdraw_post(found, by=request.actor, at=request.school.now)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
    else:
        messages.success(request, _("Your story is withdrawn. Nobody has read it."))
    return go(request, reverse("newsfeed"))


@require_http_methods(["GET", "HEAD", "POST"])
def post_take_down(request: HttpRequest, post_id: int) -> HttpResponse:
    found = queries.get_post_for(request.actor, post_id)
    if not rules.may_take_down(found, request.actor):
        raise PermissionDenied
    if request.method != "POST":
        return render(request, "stories/post_take_down.html", {"post": found})
    try:
        services.take_down(found, by=request.actor, at=request.school.now)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
    else:
        messages.success(request, _("Taken down. Only senior leaders can see it now."))
    return go(request, reverse("newsfeed"))


@require_safe
def photo(request: HttpRequest, name: str, size: int) -> FileResponse:
    # Every request asks the door again: an address handed on, kept or guessed opens nothing (AU-9).
    found = queries.get_photo_for(request.actor, name)
    if size not in SIZES:
        raise Http404
    return photo_answer(path_of(found.name, size))
