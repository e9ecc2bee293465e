"""Show a child's points and the stories to parent and child together, and nothing else (PA-11, AU-3).

`accounts.parent_lock.lock` keeps everything outside this view closed until the parent unlocks.
"""

from django.contrib.messages import get_messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.calendar.hours import school_hours
from accounts.gates import Opens, access
from accounts.http import PortalRequest
from accounts.parent_lock.lock import is_shared_view, start_shared_view
from classes.queries import children_of, get_pupil_for
from points.enums import Period
from points.forms import RecordForm
from points.queries.child import awards_page, record_of
from points.rules import FLOWERS
from stories.forms import FeedForm
from stories.queries import feed


@access(Opens.WHILE_LOCKED)
@require_POST
def begin(request: PortalRequest) -> HttpResponse:
    if not request.actor.is_parent:
        raise Http404
    list(get_messages(request))  # pending messages are for the parent alone
    start_shared_view(request)
    return redirect("shared_view")


def _require_shared_view(request: PortalRequest) -> None:
    if not (request.actor.is_parent and is_shared_view(request)):
        raise Http404


@access(Opens.IN_SHARED_VIEW)
@require_safe
def children(request: PortalRequest) -> HttpResponse:
    _require_shared_view(request)
    found = children_of(request.actor)
    if len(found) == 1:
        return redirect("shared_view_child", found[0].pk)
    return render(request, "malpas/shared_view/home.html", {"children": found})


@access(Opens.IN_SHARED_VIEW)
@require_safe
def child(request: PortalRequest, pupil_id: int) -> HttpResponse:
    _require_shared_view(request)
    pupil = get_pupil_for(request.actor, pupil_id)
    _period, cursor = RecordForm(request.GET).read()
    record = record_of(pupil, period=Period.ALL, at=request.school.now, hours=school_hours(request.school))
    context = {
        "pupil": pupil,
        "children": children_of(request.actor),
        "record": record,
        "flowers": range(min(record.this_week, FLOWERS)),
        "page": awards_page(pupil, cursor),
    }
    return render(request, "malpas/shared_view/child.html", context)


@access(Opens.IN_SHARED_VIEW)
@require_safe
def news(request: PortalRequest) -> HttpResponse:
    _require_shared_view(request)
    form = FeedForm(request.GET)
    if not form.is_valid():
        raise Http404
    before = form.cleaned_data["before"]
    context = {"feed": feed(request.actor, before=before), "first_page": before is None}
    return render(request, "malpas/shared_view/news.html", context)
