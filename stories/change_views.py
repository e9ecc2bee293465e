"""Pages on which a story is changed before it goes out, corrected afterwards, and withdrawn."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gates import access
from accounts.http import PortalRequest
from malpas.lib.dates import day_and_time
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import go, refuse
from stories import queries, rules, services
from stories.corrections import Changed, WentOut, correct_post, quiet_now, version_of
from stories.forms import CorrectionForm, PostTextForm
from stories.models import Post


def outcome(found: Post, request: PortalRequest) -> str:
    """Return what is said of a story that was just written or changed."""
    if rules.is_pending(found, request.school.now):
        return _("Your story waits. It goes out on %(when)s.") % {"when": day_and_time(found.release_at)}
    return _("Your story is out. Families can read it now.")


def _own_post(request: PortalRequest, post_id: int) -> Post:
    found = queries.get_post_for(request.actor, post_id)
    if not rules.may_correct(found, request.actor):
        raise PermissionDenied
    return found


def _form_of(found: Post, request: PortalRequest, *, waits: bool) -> PostTextForm:
    initial = {"title": found.title, "body": found.body, "seen": version_of(found)}
    data = request.POST if request.method == "POST" else None
    return PostTextForm(data, initial=initial) if waits else CorrectionForm(data, initial=initial)


def _change(found: Post, form: PostTextForm, request: PortalRequest, *, waits: bool) -> str:
    """Carry the change out; return what is said of it."""
    if waits:
        services.change_post(found, by=request.actor, **form.cleaned_data)
        return outcome(found, request)
    if "seen" not in form.data:  # the page of a story that still waited
        raise WentOut
    if correct_post(found, by=request.actor, at=request.school.now, **form.cleaned_data):
        return _("Corrected. Families see the new words.")
    return _("Nothing was changed.")


def _refuse_stale(form, found: Post, stale: RuleViolation) -> None:
    """Refuse words for another version; the next submission is for the one that the page shows."""
    refuse(form, stale)
    form.data = form.data.copy()
    form.data["seen"] = version_of(found)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def post_change(request: PortalRequest, post_id: int) -> HttpResponse:
    """Change a story before it goes out, or correct its words afterwards."""
    found, now = _own_post(request, post_id), None
    waits = rules.is_pending(found, request.school.now)
    form = _form_of(found, request, waits=waits)
    if form.is_bound and form.is_valid():
        try:
            said = _change(found, form, request, waits=waits)
        except (Changed, WentOut) as stale:
            now = found
            _refuse_stale(form, found, stale)
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            messages.success(request, said)
            return go(request, reverse("newsfeed") if waits else reverse("post", args=[found.pk]))
    context = {"form": form, "post": found, "waits": waits, "now": now}
    if waits:
        context["hours"] = queries.story_banner(request.school)
    elif not form.is_bound:
        context["quiet"] = quiet_now(request.school, request.school.now)
    return render(request, "stories/post_change.html", context, status=422 if form.is_bound else 200)


@access()
@require_POST
def post_withdraw(request: PortalRequest, post_id: int) -> HttpResponse:
    found = _own_post(request, post_id)
    try:
        services.withdraw_post(found, by=request.actor, at=request.school.now)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
    else:
        messages.success(request, _("Your story is withdrawn. Nobody has read it."))
    return go(request, reverse("newsfeed"))
