"""Show an enquiry to staff, and take their actions (PA-7)."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.calendar.hours import school_hours
from accounts.gates import access
from accounts.http import PortalRequest
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse
from messaging.attachments.queries import rerouted_files
from messaging.enums import EntryKind, Topic
from messaging.models.enquiries import Enquiry
from messaging.office.forms.enquiries import CHOOSE
from messaging.office.forms.staff import HandOverForm, NoteForm, OfficeAnswerForm, StageForm
from messaging.office.queries.enquiries import (
    colleagues_for,
    entries_for_staff,
    get_enquiry_at_office,
)
from messaging.office.queries.notices import notices_about
from messaging.office.queries.readers import number_of, why_no_reader
from messaging.office.queries.restricted import mark_restricted
from messaging.office.rules.enquiries import (
    STAGES,
    may_write,
    school_days_since,
)
from messaging.office.services import casework
from messaging.office.services.casework import close_enquiry, take_enquiry
from messaging.office.services.complaints import next_stage
from messaging.screening.school_lists import office_replies

WRITE: dict[str, Callable] = {
    EntryKind.ANSWER: casework.answer_enquiry,
    EntryKind.NOTE: casework.note_on_enquiry,
    EntryKind.CALL: partial(casework.answer_outside, kind=EntryKind.CALL),
    EntryKind.LETTER: partial(casework.answer_outside, kind=EntryKind.LETTER),
}


@access()
@require_POST
def enquiry_take(request: PortalRequest, pk: int) -> HttpResponse:
    enquiry = get_enquiry_at_office(request.actor, pk)
    try:
        take_enquiry(enquiry, by=request.actor, at=request.school.now)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
    return redirect("enquiry", pk) if "stay" in request.POST else redirect("office")


@access()
@require_POST
def enquiry_done(request: PortalRequest, pk: int) -> HttpResponse:
    enquiry = get_enquiry_at_office(request.actor, pk)
    close_enquiry(enquiry, by=request.actor, at=request.school.now)
    return redirect("office")


def _enquiry_page(request: PortalRequest, enquiry: Enquiry, form=None) -> HttpResponse:
    hours, why = school_hours(request.school), why_no_reader(enquiry)
    is_note = isinstance(form, NoteForm)
    note = form if is_note else NoteForm(no_reader=why, auto_id="note_%s")
    if form and may_write(why) == (EntryKind.NOTE,) and not is_note:  # its words have no other form
        note.initial["body"] = form["body"].value()
    mark_restricted([enquiry])
    context = {
        "enquiry": enquiry,
        "entries": entries_for_staff(enquiry),
        "files": rerouted_files(enquiry),
        "stages": list(enquiry.stages.all()),
        "age": school_days_since(enquiry.sent_at, request.school.now, hours),
        "form": OfficeAnswerForm(no_reader=why, auto_id="answer_%s") if form is None or is_note else form,
        "note": note,
        "wrong": form,
        "may_write": may_write(why),
        "no_reader": why,
        "number": number_of(enquiry) if why else "",
        "hand_over": HandOverForm(colleagues=colleagues_for(enquiry), holder=enquiry.taken_by),
        "replies": office_replies(request.school),
        "may_go_on": enquiry.topic == Topic.COMPLAINT and enquiry.stages.count() < STAGES,
        "today": hours.local_date(request.school.now),
        "new_notices": notices_about(request.actor, [enquiry]),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "messaging/office/enquiry_at_office.html", context, status=status)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def enquiry_at_office(request: PortalRequest, pk: int) -> HttpResponse:
    """Show one enquiry.

    POST adds an answer, a note, or what was told outside the portal.
    """
    found = get_enquiry_at_office(request.actor, pk)
    if request.method != "POST":
        return _enquiry_page(request, found)
    form_class = NoteForm if request.POST.get("kind") == EntryKind.NOTE else OfficeAnswerForm
    form = form_class(
        request.POST,
        replies=office_replies(request.school),
        to=found.parent.language,
        no_reader=why_no_reader(found),
    )
    if form.is_valid() and not form.puts_reply:
        answers = {"body": form.cleaned_data["body"], "key": form.cleaned_data["key"]}
        try:
            WRITE[form.cleaned_data["kind"]](found, by=request.actor, at=request.school.now, **answers)
            return redirect("enquiry", found.pk)
        except RuleViolation as violation:
            refuse(form, violation)
    return _enquiry_page(request, found, form.with_reply() if form.puts_reply else form)


def _act(request: PortalRequest, pk: int, act) -> HttpResponse:
    """Run one action on an enquiry; show a broken rule."""
    found = get_enquiry_at_office(request.actor, pk)
    try:
        act(found)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
    return redirect("enquiry", pk)


@access()
@require_POST
def enquiry_hand_over(request: PortalRequest, pk: int) -> HttpResponse:
    def act(found: Enquiry) -> None:
        form = HandOverForm(request.POST, colleagues=colleagues_for(found), holder=None)
        if not form.is_valid():
            raise casework.NotOfTheOffice
        to = form.cleaned_data["to"]
        casework.hand_over(found, to=to, by=request.actor, at=request.school.now)

    return _act(request, pk, act)


@access()
@require_POST
def enquiry_reopen(request: PortalRequest, pk: int) -> HttpResponse:
    def act(found: Enquiry) -> None:
        casework.reopen_enquiry(found, by=request.actor, at=request.school.now)

    return _act(request, pk, act)


@access()
@require_POST
def enquiry_stage(request: PortalRequest, pk: int) -> HttpResponse:
    def act(found: Enquiry) -> None:
        form = StageForm(request.POST)
        if not form.is_valid():
            raise RuleViolation(CHOOSE["required"])
        number = form.cleaned_data["number"]
        next_stage(found, number=number, by=request.actor, at=request.school.now)

    return _act(request, pk, act)
