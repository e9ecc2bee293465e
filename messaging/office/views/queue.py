"""Show the office its list of enquiries, and figures of them (PA-7)."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.calendar.hours import school_hours
from accounts.gates import access
from accounts.http import PortalRequest
from malpas.lib.hours import SchoolHours
from messaging.enums import Alert, QueueView, Topic
from messaging.office.forms.enquiries import TopicFilter
from messaging.office.forms.staff import ViewedForm
from messaging.office.queries.enquiries import topic_figures
from messaging.office.queries.notices import notices_about
from messaging.office.queries.queue import PAGE, get_queue_cursor, queue, topic_counts
from messaging.office.queries.restricted import mark_restricted
from messaging.office.queries.sealed import failed_mails
from messaging.office.rules.enquiries import (
    may_see_health,
    may_work_at_office,
)
from messaging.office.services.viewed import mark_viewed
from messaging.office.views.absences import absence_sheet, reports_on


@access()
@require_safe
def office(request: PortalRequest) -> HttpResponse:
    actor, now, hours = request.actor, request.school.now, school_hours(request.school)
    works, health = may_work_at_office(actor), may_see_health(actor)
    if not (works or health):
        raise Http404
    context: dict[str, Any] = {"today": hours.local_date(now), "works": works}
    context |= absence_sheet(request, hours, hours.local_date(now)) if health else {}
    context |= _queue(request, hours) if works else {}
    rows = [*context.get("first", []), *context.get("queue", [])]
    on_page = reports_on(context) + [row.enquiry for row in rows]
    mark_restricted(on_page)
    context |= {"failed_mails": failed_mails(actor), "new_notices": notices_about(actor, on_page)}
    return render(request, "messaging/office/queue.html", context)


def _queue(request: PortalRequest, hours: SchoolHours) -> dict[str, object]:
    form, actor = TopicFilter(request.GET), request.actor
    chosen, after = form.chosen, get_queue_cursor(actor, form.page_after)
    counts = topic_counts(actor)
    rows = queue(actor, now=request.school.now, hours=hours, after=after, limit=PAGE + 1, **chosen)
    page = rows[:PAGE]
    urgent_here = sum(row.enquiry.alert == Alert.URGENT and row.comes_first for row in page)
    return {
        **chosen,
        "first": [row for row in page if row.comes_first],
        "queue": [row for row in page if not row.comes_first],
        "urgent_elsewhere": counts.get(Topic.URGENT, 0) - urgent_here,
        "after": after,
        "more": page[-1].cursor if len(rows) > len(page) else None,
        "counts": list(counts.items()),
        "all": sum(counts.values()),
        "views": QueueView.choices,
        "same": {name: urlencode(_without(chosen, name)) for name in ("topic", "whose", "all")},
    }


def _without(chosen: dict[str, str], name: str) -> dict[str, str]:
    """Return what a link to another choice keeps of the query.

    `name`: what the link chooses anew.
    """
    keys = {"topic": "topic", "whose": "whose", "words": "q"}
    return {key: chosen[each] for each, key in keys.items() if each != name and chosen[each]}


@access()
@require_POST
def office_viewed(request: PortalRequest) -> HttpResponse:
    """Note what a page at the office has shown this person.

    No e-mail tells them of it.
    """
    if not may_work_at_office(request.actor):
        raise Http404
    form = ViewedForm(request.POST)
    if form.is_valid():
        mark_viewed(by=request.actor, at=request.school.now, seen=form.cleaned_data["seen"])
    return HttpResponse(status=204) if request.htmx else redirect("office")


@access()
@require_safe
def office_figures(request: PortalRequest) -> HttpResponse:
    """Show how many enquiries came and how long they wait (PA-7).

    Without names.
    """
    hours = school_hours(request.school)
    figures = topic_figures(request.actor, now=request.school.now, hours=hours)
    return render(request, "messaging/office/figures.html", {"figures": figures})
