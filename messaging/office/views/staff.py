import csv
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.calendar.hours import school_hours
from accounts.calendar.overview import read_calendar, why_no_school
from accounts.gates import access
from malpas.lib.csv_lines import neutral_cell
from malpas.lib.errors import RuleViolation
from malpas.lib.hours import SchoolHours
from malpas.lib.htmx import refuse
from messaging.attachments.queries import rerouted_files
from messaging.conversations.queries.messages import get_message_for
from messaging.enums import EntryKind, QueueView, Topic
from messaging.models.enquiries import Absence, Enquiry
from messaging.office.forms.enquiries import CHOOSE, TopicFilter
from messaging.office.forms.staff import CallForm, HandOverForm, OfficeAnswerForm, RerouteForm, StageForm
from messaging.office.queries import absences
from messaging.office.queries.absences import Away, absences_on, lapsed_on, reports_for
from messaging.office.queries.enquiries import (
    colleagues_for,
    contacts_named,
    entries_for_staff,
    get_contact_for_call,
    get_enquiry_at_office,
    topic_counts,
    topic_figures,
)
from messaging.office.queries.queue import PAGE, get_queue_cursor, queue
from messaging.office.queries.readers import number_of, why_no_reader
from messaging.office.queries.restricted import mark_restricted, restricted_children
from messaging.office.queries.sealed import failed_mails
from messaging.office.rules.enquiries import (
    DAYS_UNKNOWN,
    STAGES,
    may_reroute,
    may_see_health,
    may_work_at_office,
    school_days_since,
)
from messaging.office.services import casework as office_work
from messaging.office.services.enquiries import close_enquiry, take_enquiry
from messaging.oversight.forms import FindForm
from messaging.screening.keyword_rules import office_topic
from messaging.screening.school_lists import office_replies


@access()
@require_safe
def office(request: HttpRequest) -> HttpResponse:
    actor, now, hours = request.actor, request.school.now, school_hours(request.school)
    works, health = may_work_at_office(actor), may_see_health(actor)
    if not (works or health):
        raise Http404
    context: dict[str, Any] = {"today": hours.local_date(now), "works": works}
    context |= _sheet(request, hours) if health else {}
    context |= _queue(request, hours) if works else {}
    context["failed_mails"] = failed_mails(actor)
    away = [row.absence.enquiry for _classroom, rows in context.get("sheet", []) for row in rows]
    listed = [*context.get("first", []), *context.get("queue", [])]
    mark_restricted(
        away + [row.absence.enquiry for row in context.get("lapsed", [])] + [row.enquiry for row in listed]
    )
    return render(request, "messaging/office/queue.html", context)


def _sheet(request: HttpRequest, hours: SchoolHours) -> dict[str, Any]:
    actor, day = request.actor, hours.local_date(request.school.now)
    reports = reports_for(actor, day)
    sheet = absences_on(actor, day, hours, reports=reports)
    return {
        "sheet": sheet,
        "away": sum(len(rows) for _classroom, rows in sheet),
        "lapsed": lapsed_on(actor, day, hours, reports=reports),
        "days_unknown": DAYS_UNKNOWN,
        "no_school": _no_school(request, hours),
    }


def _no_school(request: HttpRequest, hours: SchoolHours) -> str:
    """Say why there is no school today; '' on a school day."""
    day = hours.local_date(request.school.now)
    return "" if hours.is_school_day(day) else why_no_school(read_calendar(request.school), day)


def _queue(request: HttpRequest, hours: SchoolHours) -> dict[str, object]:
    form = TopicFilter(request.GET)
    topic, whose = form.chosen
    counts = topic_counts(request.actor)
    filters = {"topic": topic, "whose": whose, "limit": PAGE + 1}
    after = get_queue_cursor(request.actor, form.page_after)
    rows = queue(request.actor, now=request.school.now, hours=hours, after=after, **filters)
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


def _reason(absence: Absence) -> str:
    if not absence.symptom:
        return str(absence.get_reason_display())
    return f"{absence.get_reason_display()}: {absence.get_symptom_display()}"


@access()
@require_safe
def absences_csv(request: HttpRequest) -> HttpResponse:
    hours = school_hours(request.school)
    day = hours.local_date(request.school.now)
    sheet = absences_on(request.actor, day, hours)
    mark_restricted(row.absence.enquiry for _classroom, rows in sheet for row in rows)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="absences-{day.isoformat()}.csv"'
    writer = csv.writer(response)
    heads = [_("Class"), _("Child"), _("Part of the day"), _("Reason"), _("Suggested code")]
    writer.writerow(
        [
            *heads,
            _("First day"),
            _("Back"),
            _("Number"),
            _("Told"),
            _("By"),
            _("Note"),
            _("Reference"),
            _("To do"),
        ]
    )
    for classroom, rows in sheet:
        for row in rows:
            writer.writerow(neutral_cell(str(cell)) for cell in _cells(classroom, row))
    return response


def _cells(classroom, row: Away) -> list[object]:
    absence, enquiry = row.absence, row.absence.enquiry
    back = date_format(absence.back_on, "d.m.Y") if absence.back_on else _("not known")
    reported = date_format(localtime(enquiry.sent_at), "d.m.Y H:i")
    return [
        *[classroom or "", row.pupil, absence.get_part_display(), _reason(absence), row.code],
        *[date_format(absence.first_day, "d.m.Y"), back, enquiry.phone, reported, _by(enquiry)],
        *[enquiry.body, enquiry.reference, _("Please ring: no word since") if row.call else ""],
    ]


def _by(enquiry: Enquiry) -> str:
    """Who told it, with the mark of somebody whose access is restricted."""
    mark = enquiry.restricted
    return f"{enquiry.reporter_name} ({mark.label})" if mark else enquiry.reporter_name


@access()
@require_POST
def enquiry_take(request: HttpRequest, pk: int) -> HttpResponse:
    enquiry = get_enquiry_at_office(request.actor, pk)
    try:
        take_enquiry(enquiry, by=request.actor, at=request.school.now)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
    return redirect("office")


@access()
@require_POST
def enquiry_done(request: HttpRequest, pk: int) -> HttpResponse:
    enquiry = get_enquiry_at_office(request.actor, pk)
    close_enquiry(enquiry, by=request.actor, at=request.school.now)
    return redirect("office")


def _enquiry_page(request: HttpRequest, enquiry: Enquiry, form=None) -> HttpResponse:
    hours, why = school_hours(request.school), why_no_reader(enquiry)
    mark_restricted([enquiry])
    context = {
        "enquiry": enquiry,
        "entries": entries_for_staff(enquiry),
        "files": rerouted_files(enquiry),
        "stages": list(enquiry.stages.all()),
        "age": school_days_since(enquiry.sent_at, request.school.now, hours),
        "form": form or OfficeAnswerForm(no_reader=why),
        "no_reader": why,
        "number": number_of(enquiry) if why else "",
        "hand_over": HandOverForm(colleagues=colleagues_for(enquiry), holder=enquiry.taken_by),
        "replies": office_replies(request.school),
        "may_go_on": enquiry.topic == Topic.COMPLAINT and enquiry.stages.count() < STAGES,
        "today": hours.local_date(request.school.now),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "messaging/office/enquiry_at_office.html", context, status=status)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def enquiry_at_office(request: HttpRequest, pk: int) -> HttpResponse:
    """One enquiry for whoever works on it; POST writes an answer or a note."""
    found = get_enquiry_at_office(request.actor, pk)
    if request.method != "POST":
        return _enquiry_page(request, found)
    form = OfficeAnswerForm(
        request.POST,
        replies=office_replies(request.school),
        to=found.parent.language,
        no_reader=why_no_reader(found),
    )
    if form.is_valid() and not form.puts_reply:
        write = (
            office_work.note_on_enquiry
            if form.cleaned_data["kind"] == EntryKind.NOTE
            else office_work.answer_enquiry
        )
        answers = {"body": form.cleaned_data["body"], "key": form.cleaned_data["key"]}
        try:
            write(found, by=request.actor, at=request.school.now, **answers)
            return redirect("enquiry", found.pk)
        except RuleViolation as violation:
            refuse(form, violation)
    return _enquiry_page(request, found, form.with_reply() if form.puts_reply else form)


def _acted(request: HttpRequest, pk: int, act) -> HttpResponse:
    """Carries out one act on an enquiry; a broken rule is said on its page."""
    found = get_enquiry_at_office(request.actor, pk)
    try:
        act(found)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
    return redirect("enquiry", pk)


@access()
@require_POST
def enquiry_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: Enquiry) -> None:
        form = HandOverForm(request.POST, colleagues=colleagues_for(found), holder=None)
        if not form.is_valid():
            raise office_work.NotOfTheOffice
        to = form.cleaned_data["to"]
        office_work.hand_over(found, to=to, by=request.actor, at=request.school.now)

    return _acted(request, pk, act)


@access()
@require_POST
def enquiry_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: Enquiry) -> None:
        office_work.reopen_enquiry(found, by=request.actor, at=request.school.now)

    return _acted(request, pk, act)


@access()
@require_POST
def enquiry_stage(request: HttpRequest, pk: int) -> HttpResponse:
    def act(found: Enquiry) -> None:
        form = StageForm(request.POST)
        if not form.is_valid():
            raise RuleViolation(CHOOSE["required"])
        number = form.cleaned_data["number"]
        office_work.next_stage(found, number=number, by=request.actor, at=request.school.now)

    return _acted(request, pk, act)


@access()
@require_safe
def office_figures(request: HttpRequest) -> HttpResponse:
    """Which topics come and how long they wait: figures without a name (PA-7)."""
    hours = school_hours(request.school)
    figures = topic_figures(request.actor, now=request.school.now, hours=hours)
    return render(request, "messaging/office/figures.html", {"figures": figures})


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def office_call(request: HttpRequest, contact_id: int | None = None) -> HttpResponse:
    """Writes down what an adult says by telephone: first whom, then what (PA-7, PA-13)."""
    if contact_id is None:
        find = FindForm(request.GET)
        q = find.cleaned_data["child"] if find.is_valid() else ""
        found = contacts_named(request.actor, q)
        return render(request, "messaging/office/call.html", {"found": found, "q": q, "form": find})
    contact, children = get_contact_for_call(request.actor, contact_id)
    hours = school_hours(request.school)
    data = request.POST if request.method == "POST" else None
    barred = restricted_children(contact, children)
    today = hours.local_date(request.school.now)
    form = CallForm(data, children=children, barred=barred, today=today, hours=hours)
    if form.is_bound and form.is_valid():
        try:
            enquiry = office_work.record_call(
                contact=contact, by=request.actor, at=request.school.now, **form.facts()
            )
            messages.success(
                request, _("It is on the list: %(reference)s.") % {"reference": enquiry.reference}
            )
            return redirect("office")
        except RuleViolation as violation:
            refuse(form, violation)
    context = {"form": form, "contact": contact, "barred": barred}
    return render(request, "messaging/office/call_write.html", context, status=422 if form.errors else 200)


@access()
@require_safe
def absent_today(request: HttpRequest) -> HttpResponse:
    """For the class's board: who is absent today, never why (PA-7)."""
    hours = school_hours(request.school)
    day = hours.local_date(request.school.now)
    away = absences.absent_today(request.actor, day, hours)
    template = "messaging/office/_absent.html" if request.htmx else "messaging/office/absent.html"
    context = {"away": away, "today": day, "no_school": "" if request.htmx else _no_school(request, hours)}
    return render(request, template, context)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def message_reroute(request: HttpRequest, pk: int) -> HttpResponse:
    """The class hands a stray message to the office: one tap on the topic that fits (PA-7)."""
    message = get_message_for(request.actor, pk)
    if not may_reroute(message, request.actor, now=request.school.now):
        raise Http404
    form = RerouteForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            enquiry = office_work.reroute_message(
                message, topic=form.cleaned_data["topic"], by=request.actor, at=request.school.now
            )
            messages.success(
                request,
                _("The office has it now: %(reference)s. The family is told.")
                % {"reference": enquiry.reference},
            )
        except RuleViolation as violation:
            messages.warning(request, violation.sentence)
        return redirect("messages")
    found = office_topic(message.body, request.school)
    suggested = found.about if found else ""
    topics = sorted(Topic, key=lambda topic: topic != suggested)
    context = {"message": message, "topics": topics, "suggested": suggested}
    return render(
        request, "messaging/conversations/reroute.html", context, status=422 if form.errors else 200
    )
