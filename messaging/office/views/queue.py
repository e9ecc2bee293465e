"""Show the office its list of enquiries, and figures of them (PA-7)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.calendar.hours import school_hours
from accounts.gates import access
from accounts.http import PortalRequest
from malpas.lib.hours import SchoolHours
from messaging.enums import QueueView
from messaging.office.forms.enquiries import TopicFilter
from messaging.office.queries.enquiries import (
    topic_counts,
    topic_figures,
)
from messaging.office.queries.queue import PAGE, get_queue_cursor, queue
from messaging.office.queries.restricted import mark_restricted
from messaging.office.queries.sealed import failed_mails
from messaging.office.rules.enquiries import (
    may_see_health,
    may_work_at_office,
)
from messaging.office.views.absences import absence_sheet


@access()
@require_safe
def office(request: PortalRequest) -> HttpResponse:
    actor, now, hours = request.actor, request.school.now, school_hours(request.school)
    works, health = may_work_at_office(actor), may_see_health(actor)
    if not (works or health):
        raise Http404
    context: dict[str, Any] = {"today": hours.local_date(now), "works": works}
    context |= absence_sheet(request, hours) if health else {}
    context |= _queue(request, hours) if works else {}
    context["failed_mails"] = failed_mails(actor)
    away = [row.absence.enquiry for _classroom, rows in context.get("sheet", []) for row in rows]
    listed = [*context.get("first", []), *context.get("queue", [])]
    mark_restricted(
        away + [row.absence.enquiry for row in context.get("lapsed", [])] + [row.enquiry for row in listed]
    )
    return render(request, "messaging/office/queue.html", context)


def _queue(request: PortalRequest, hours: SchoolHours) -> dict[str, object]:
    form = TopicFilter(request.GET)
    topic, whose = form.chosen
    counts = topic_counts(request.actor)
    after = get_queue_cursor(request.actor, form.page_after)
    rows = queue(
        request.actor,
        now=request.school.now,
        hours=hours,
        after=after,
        topic=topic,
        whose=whose,
        limit=PAGE + 1,
    )
    page = rows[:PAGE]
    first = [row for row in page if row.enquiry.alert and whose != QueueView.DONE]
    return {
        "first": first,
        "queue": [row for row in page if row not in first],
        "after": after,
        "more": page[-1].enquiry.pk if len(rows) > len(page) else None,
        "counts": counts,
        "all": sum(number for _topic, number in counts),
        "topic": topic,
        "whose": whose,
        "views": QueueView.choices,
    }


@access()
@require_safe
def office_figures(request: PortalRequest) -> HttpResponse:
    """Show how many enquiries came and how long they wait (PA-7).

    Without names.
    """
    hours = school_hours(request.school)
    figures = topic_figures(request.actor, now=request.school.now, hours=hours)
    return render(request, "messaging/office/figures.html", {"figures": figures})
