"""Show when school is open, and import a calendar file."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.calendar.forms import SENTENCES, CalendarFileForm, KindsForm
from accounts.calendar.hours import school_hours
from accounts.calendar.ics_diff import (
    ADD,
    CHANGE,
    IGNORE,
    KNOWN,
    MOST,
    REMOVE,
    compare,
    from_session,
    to_session,
)
from accounts.calendar.ics_import import take_in_file
from accounts.calendar.ics_reader import Wrong
from accounts.calendar.overview import (
    calendar_warnings,
    fortnight,
    may_edit_calendar,
    now_text,
    read_calendar,
    week,
)
from accounts.gates import Opens, access
from accounts.http import PortalRequest
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse

PENDING_FILE = "calendar_file"


def _keeper(request: PortalRequest) -> None:
    if not may_edit_calendar(request.actor):
        raise Http404


def _today(request: PortalRequest):
    return school_hours(request.school).local_date(request.school.now)


@access(Opens.WHILE_LOCKED)
@require_safe
def calendar(request: PortalRequest) -> HttpResponse:
    now, found = request.school.now, read_calendar(request.school)
    may_edit = may_edit_calendar(request.actor)
    context = {
        "now": now_text(found.hours, now),
        "week": week(found.hours),
        "days": fortnight(found, found.hours.local_date(now)),
        "terms": [term for term in found.terms if term.ends >= found.hours.local_date(now)],
        "may_edit": may_edit,
        "wrong": calendar_warnings(found, now) if may_edit else [],
    }
    return render(request, "accounts/calendar/overview.html", context)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_file(request: PortalRequest) -> HttpResponse:
    _keeper(request)
    if request.method != "POST":
        return render(request, "accounts/calendar/ics_file.html", {"form": CalendarFileForm()})
    form = CalendarFileForm(request.POST, request.FILES)
    if form.is_valid():
        events = form.cleaned_data["file"]
        coming = [event for event in events if event.last is None or event.last >= _today(request)]
        if len(coming) <= MOST:
            request.session[PENDING_FILE] = {"key": uuid4().hex, "events": to_session(coming)}
            return redirect("calendar_check")
        form.add_error("file", SENTENCES[Wrong.TOO_MANY])
    return render(request, "accounts/calendar/ics_file.html", {"form": form}, status=422)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_check(request: PortalRequest) -> HttpResponse:
    """Show what the file would change.

    The file waits in the session until it is confirmed.
    """
    _keeper(request)
    pending = request.session.get(PENDING_FILE)
    if pending is None:
        return redirect("calendar_file")
    events = from_session(pending["events"])
    items = compare(events, today=_today(request))
    form = KindsForm(request.POST or None, items=items, key=pending["key"])
    if request.method == "POST":
        if request.POST.get("key") != pending["key"]:
            messages.warning(
                request, _("Another file was chosen in the meantime. This is what it would change.")
            )
            return redirect("calendar_check")
        if form.is_valid() and _taken_in(request, form, events):
            return redirect("calendar")
    status = 422 if form.errors else 200
    return render(request, "accounts/calendar/ics_check.html", _choices(items, form), status=status)


def _taken_in(request: PortalRequest, form: KindsForm, events: list) -> bool:
    try:
        number = take_in_file(events, kinds=form.kinds, by=request.actor, today=_today(request))
    except RuleViolation as violation:
        refuse(form, violation)
        return False
    del request.session[PENDING_FILE]
    done = ngettext(
        "%(number)s entry of the calendar has changed. What waits has its new time.",
        "%(number)s entries of the calendar have changed. What waits has its new time.",
        number,
    ) % {"number": number}
    messages.success(request, done if number else _("There was nothing new in the file."))
    return True


def _choices(items: list, form: KindsForm) -> dict:
    parts = {
        state: [(item, form.of(item)) for item in items if item.state == state]
        for state in (ADD, CHANGE, REMOVE, IGNORE)
    }
    known = sum(item.state == KNOWN for item in items)
    heads = [(ADD, _("New")), (CHANGE, _("Changed")), (REMOVE, _("Cancelled: taken away"))]
    return {
        "form": form,
        "parts": [(head, parts[state]) for state, head in heads if parts[state]],
        "left": parts[IGNORE],
        "known": known,
    }
