from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.drafts.saved_forms import restored_values, restores_form, saved_forms_for
from accounts.gates import Opens, access
from accounts.http import PortalRequest
from accounts.notify.nudge import nudge
from accounts.sessions.rate_limits import TooManyRefusedFiles
from classes.queries import children_of, get_own_class
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import go, refuse
from malpas.lib.machine_slots import Busy
from malpas.lib.uploads.photos.files import path_of
from malpas.lib.uploads.photos.processing import SIZES
from malpas.lib.uploads.serving import photo_for_reader
from stories import queries, rules, services, tasks, uploads
from stories.change_views import outcome
from stories.forms import FeedForm, LookForm, PhotosForm, StoryForm
from stories.models import UnsentPhoto
from stories.read_marks import mark_seen


@access(Opens.WHILE_LOCKED)
@require_safe
def newsfeed(request: PortalRequest) -> HttpResponse:
    actor, form = request.actor, FeedForm(request.GET)
    if not form.is_valid():
        raise Http404
    children = children_of(actor) if actor.is_parent else []
    wanted, before = form.cleaned_data["child"], form.cleaned_data["before"]
    child = next((each for each in children if each.pk == wanted), None)
    if wanted and child is None:
        raise Http404
    writes = rules.may_write_at_all(actor)
    feed = queries.feed(actor, children=children, child=child, before=before)
    context: dict[str, object] = {
        "children": children,
        "child": child,
        "feed": feed,
        "first_page": before is None,
        "look": queries.look_at(feed, by=actor) if before is None and child is None else None,
        "writes": writes,
        "waiting": queries.pending_of(actor) if writes and before is None else [],
    }
    if writes:
        context["hours"] = queries.story_banner(request.school)
    return render(request, "stories/newsfeed.html", context)


@access(Opens.WHILE_LOCKED | Opens.UNATTENDED)
@require_POST
def newsfeed_seen(request: PortalRequest) -> HttpResponse:
    """Note until which story a parent has looked; the newsfeed asks for it by itself, or by a button."""
    form = LookForm(request.POST)
    if not request.actor.is_parent or not form.is_valid():
        raise Http404
    newest, now = form.cleaned_data["until"], request.school.now
    mark_seen(newest.release_at if newest else now, by=request.actor, at=now)
    return HttpResponse(status=204) if request.htmx else redirect("newsfeed")


@access(Opens.WHILE_LOCKED)
@require_safe
def post(request: PortalRequest, post_id: int) -> HttpResponse:
    found = queries.get_post_for(request.actor, post_id)
    waiting = rules.is_pending(found, request.school.now)
    context = {
        "post": found,
        "waiting": waiting,
        "changes": waiting and rules.may_change(found, request.actor),
    }
    return render(request, "stories/post.html", context)


@dataclass(frozen=True)
class PhotoAttachments:
    """The photos of a story being written.

    `refused`: a sentence for each refused one.
    """

    form: PhotosForm
    photos: list[UnsentPhoto] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def full(self) -> bool:
        return len(self.photos) >= rules.MAX_PHOTOS


def _add(request: PortalRequest, files: list, names: list[str]) -> list[str]:
    """Store each of these photos; return the sentences for the refused ones."""
    refused: list[str] = []
    for file in files:
        try:
            if len(names) >= rules.MAX_PHOTOS:
                raise uploads.TooManyPhotos
            names.append(uploads.add_photo(file, by=request.actor, at=request.school.now).name)
        except uploads.TooManyPhotos as many:
            return [*refused, str(many.sentence)]
        except (uploads.TooCostly, TooManyRefusedFiles, Busy) as ended:
            rest = _("What came after %(file)s was not added either: choose it again.") % {
                "file": file.name[-60:]
            }
            return [*refused, str(ended.sentence), *([rest] if file is not files[-1] else [])]
        except RuleViolation as violation:
            refused.append(_("%(file)s: %(why)s") % {"file": file.name[-60:], "why": violation.sentence})
    return refused


def _saved_photo_form(request: PortalRequest) -> dict:
    """Return the values saved when the PIN interrupted adding a photo."""
    path = reverse("post_photo_add")
    found = [
        each for each in saved_forms_for(request, request.actor, request.school.now) if each.path == path
    ]
    return found[0].values() if found else {}


def _added(request: PortalRequest) -> PhotoAttachments:
    """Store the request's photos, so that a returned page has them."""
    if request.method != "POST":
        saved = restored_values(request) or _saved_photo_form(request)
        names = saved.get("stored", [])
        photos = queries.own_photos(request.actor, [names] if isinstance(names, str) else names)
        for photo in photos:
            photo.alt = str(saved.get(f"alt_{photo.name}", photo.alt))
        return PhotoAttachments(PhotosForm(), photos)
    form = PhotosForm(request.POST, request.FILES)
    if not form.is_valid():
        return PhotoAttachments(
            form, refused=[str(error) for errors in form.errors.values() for error in errors]
        )
    names = form.cleaned_data["stored"]
    uploads.describe_photos(form.cleaned_data["described"], by=request.actor)
    refused = _add(request, form.cleaned_data["added"] or [], names)
    return PhotoAttachments(form, queries.own_photos(request.actor, names), refused)


@access()
@restores_form
@require_http_methods(["GET", "HEAD", "POST"])
def post_photo_add(request: PortalRequest) -> HttpResponse:
    """Store photos just chosen, while the text is being written."""
    if not rules.may_write_at_all(request.actor):
        raise PermissionDenied
    if request.method != "POST":
        return redirect("post_new")  # a writer interrupted by the PIN goes on there
    added = _added(request)
    return render(request, "stories/_attach.html", {"added": added}, status=422 if added.refused else 200)


def _write(request: PortalRequest, form: StoryForm, added: PhotoAttachments) -> HttpResponse | None:
    answers = form.cleaned_data
    classroom = get_own_class(request.actor) if request.actor.is_class else None
    try:
        written = services.write_post(
            classroom,
            by=request.actor,
            at=request.school.now,
            title=answers["title"],
            body=answers["body"],
            key=answers["key"],
            added=added.form.cleaned_data["stored"],
        )
    except RuleViolation as violation:
        refuse(form, violation)
        return None
    nudge(tasks.announce)
    messages.success(request, outcome(written, request))
    return go(request, reverse("newsfeed"))


def _story_form(request: PortalRequest, added: PhotoAttachments) -> StoryForm:
    """Return the form, unbound if the request only adds photos."""
    if request.method != "POST":
        return StoryForm(initial=restored_values(request))
    sent = StoryForm(request.POST)
    if "add" in request.POST:
        return StoryForm(initial={each.name: each.value() for each in sent})
    for sentence in added.refused:
        sent.add_error(None, sentence)
    return sent


@access()
@restores_form
@require_http_methods(["GET", "HEAD", "POST"])
def post_new(request: PortalRequest) -> HttpResponse:
    if not rules.may_write_at_all(request.actor):
        raise PermissionDenied
    added = _added(request)
    form = _story_form(request, added)
    if form.is_bound and form.is_valid() and (answer := _write(request, form, added)):
        return answer
    context = {"form": form, "added": added, "hours": queries.story_banner(request.school)}
    failed = form.is_bound or added.refused
    return render(request, "stories/post_new.html", context, status=422 if failed else 200)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def post_take_down(request: PortalRequest, post_id: int) -> HttpResponse:
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


@access(Opens.WHILE_LOCKED)
@require_safe
def post_photo(request: PortalRequest, post_id: int, number: int) -> HttpResponse:
    """Show one photo of a story, counted from 1, with the ways to the others and back."""
    found = queries.get_post_for(request.actor, post_id)
    photos = list(found.photos.all())
    if not 1 <= number <= len(photos):
        raise Http404
    context = {"post": found, "photos": photos, "photo": photos[number - 1], "number": number}
    return render(request, "stories/post_photo.html", context)


@access(Opens.IN_SHARED_VIEW)
@require_safe
def photo(request: PortalRequest, name: str, size: int) -> HttpResponseBase:
    # Access is checked at every request: a shared, stored or guessed address opens nothing (AU-9).
    found = queries.get_photo_for(request.actor, name)
    if size not in SIZES:
        raise Http404
    return photo_for_reader(request, path_of(found.name, size), f"{found.name}-{size}")
