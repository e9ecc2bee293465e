"""Let families report to the office and follow it (PA-7, PA-13)."""

from uuid import NAMESPACE_OID, uuid5

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.calendar.hours import school_hours
from accounts.drafts.saved_forms import restored_values, restores_form
from accounts.gates import Opens, access
from accounts.http import PortalRequest
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import go, refuse
from malpas.lib.text import clean_body
from messaging.attachments.page import say_files_stay
from messaging.enums import DayPart, Topic
from messaging.models.conversations import MAX_BODY
from messaging.models.enquiries import Enquiry
from messaging.office.forms.absence import AbsenceForm
from messaging.office.forms.check_answers import answers_to_check
from messaging.office.forms.enquiries import FORMS, ReplyToOffice
from messaging.office.queries import enquiries
from messaging.office.queries.enquiries import (
    children_to_write_about,
    get_enquiry_by_key,
    get_own_enquiry,
)
from messaging.office.rules.enquiries import next_school_day, office_answers, office_opens
from messaging.office.services.casework import add_to_enquiry
from messaging.office.services.enquiries import AbsenceFacts, submit_enquiry
from messaging.office.views.done_page import render_done
from messaging.screening.school_lists import office_topics

ABSENCE_FACTS = ("first_day", "part", "reason", "symptom", "back_on")


def _office(request: PortalRequest) -> dict[str, object]:
    now, hours = request.school.now, school_hours(request.school)
    return {"answers": office_answers(now, hours), "opens": office_opens(now, hours)}


@access(Opens.FOR_FAMILIES)
@require_safe
def topics(request: PortalRequest) -> HttpResponse:
    actor, hours = request.actor, school_hours(request.school)
    children = children_to_write_about(actor)
    day = next_school_day(request.school.now, hours)
    offered = enquiries.still_off(actor, day) if day else []
    context: dict[str, object] = {"children": children, "office": _office(request), "still_off_on": day}
    context |= {
        "topics": [one for one in office_topics(request.school) if one.topic != Topic.URGENT],
        "still_off": [
            {
                "reference": "".join(absence.enquiry.reference.split()),
                "names": ", ".join(child.first_name for child in absence.enquiry.pupils.all()),
            }
            for absence in offered
        ],
    }
    return render(request, "messaging/office/topics.html", context)


def _started(request: PortalRequest) -> bool:
    """Tell whether the page was only opened.

    By its URL, or from another page with a text to begin with.
    """
    return request.method != "POST" or "begin" in request.POST


def _begun_with(request: PortalRequest, field: str) -> dict[str, object]:
    say_files_stay(request)
    body = request.POST.get("body", "")[:MAX_BODY]
    child = request.POST.get("child", "")
    begun: dict[str, object] = {field: clean_body(body)} if body else {}
    return begun | ({"child": child, "children": [child]} if child.isdecimal() else {})


def _page(request: PortalRequest, form, template: str, context: dict[str, object], **facts) -> HttpResponse:
    """Take a form in three steps: filled in, checked, submitted (PA-7).

    Nothing typed is lost between them.
    """
    if form.is_bound and form.is_valid() and "change" not in request.POST:
        if "confirm" not in request.POST:
            checked = {"form": form, "answers": answers_to_check(form)} | context
            return render(request, "messaging/office/check.html", checked)
        if sent := _submit(request, form, **_facts(form), **facts):
            return go(request, reverse("write_done", args=["".join(sent.reference.split())]))
    status = 422 if form.errors else 200
    return render(request, template, {"form": form} | context, status=status)


def _facts(form) -> dict[str, object]:
    answers = form.cleaned_data
    if isinstance(form, AbsenceForm):
        absence = AbsenceFacts(**{name: answers[name] for name in ABSENCE_FACTS})
        arguments = {"pupils": answers["children"], "body": answers["note"], "phone": answers["phone"]}
        return arguments | {"absence": absence}
    pupils = [answers["child"]] if answers["child"] else []
    arguments = {"pupils": pupils, "body": answers["body"], "phone": answers.get("phone", "")}
    return arguments | {"facts": form.facts(), "about": form.complaint_about}


@access(Opens.FOR_FAMILIES)
@restores_form
@require_http_methods(["GET", "HEAD", "POST"])
def enquiry(request: PortalRequest, topic: str) -> HttpResponse:
    children = children_to_write_about(request.actor)
    offered = {one.topic.value for one in office_topics(request.school)}
    if topic not in offered or topic == Topic.ABSENCE:
        raise Http404
    form = FORMS[Topic(topic)](
        None if _started(request) else request.POST,
        initial=restored_values(request) or _begun_with(request, "body"),
        children=children,
        today=school_hours(request.school).local_date(request.school.now),
    )
    context: dict[str, object] = {"topic": Topic(topic), "office": _office(request)}
    return _page(request, form, "messaging/office/enquiry.html", context, topic=topic)


@access(Opens.FOR_FAMILIES)
@restores_form
@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: PortalRequest) -> HttpResponse:
    children = children_to_write_about(request.actor)
    hours, now = school_hours(request.school), request.school.now
    form = AbsenceForm(
        None if _started(request) else request.POST,
        initial=restored_values(request) or _begun_with(request, "note"),
        children=children,
        today=hours.local_date(now),
        next_day=next_school_day(now, hours),
        hours=hours,
    )
    return _page(
        request, form, "messaging/office/absence.html", {"topic": Topic.ABSENCE}, topic=Topic.ABSENCE
    )


def _submit(request: PortalRequest, form, **facts) -> Enquiry | None:
    key = form.cleaned_data["key"]
    try:
        return submit_enquiry(by=request.actor, at=request.school.now, key=key, **facts)
    except RuleViolation as violation:
        refuse(form, violation)
        return None


@access(Opens.FOR_FAMILIES)
@require_POST
def still_off(request: PortalRequest, reference: str) -> HttpResponse:
    """Repeat an absence for the next school day with one tap (PA-13)."""
    before = get_own_enquiry(request.actor, reference)
    hours, now = school_hours(request.school), request.school.now
    day = next_school_day(now, hours)
    key = uuid5(NAMESPACE_OID, f"still off {before.pk} {day}")
    if found := get_enquiry_by_key(request.actor, key):
        return redirect("write_done", "".join(found.reference.split()))
    offered = enquiries.still_off(request.actor, day) if day else []
    last = next((one for one in offered if one.enquiry_id == before.pk), None)
    if last is None or day is None:
        messages.warning(request, _("Please tell the office with the form."))
        return redirect("write_absence")
    facts = AbsenceFacts(first_day=day, part=DayPart.WHOLE, reason=last.reason, symptom=last.symptom)
    found = submit_enquiry(
        topic=Topic.ABSENCE,
        pupils=list(before.pupils.all()),
        by=request.actor,
        at=now,
        absence=facts,
        phone=before.phone,
        key=key,
    )
    return redirect("write_done", "".join(found.reference.split()))


@access(Opens.FOR_FAMILIES)
@require_http_methods(["GET", "HEAD", "POST"])
def done(request: PortalRequest, reference: str) -> HttpResponse:
    """Show an enquiry: its state, what happens next, its entries."""
    found, now = get_own_enquiry(request.actor, reference), request.school.now
    form = ReplyToOffice(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        answers = {"body": form.cleaned_data["body"], "key": form.cleaned_data["key"]}
        try:
            add_to_enquiry(found, by=request.actor, at=now, **answers)
            return go(request, request.path)
        except RuleViolation as violation:
            refuse(form, violation)
    return render_done(request, found, form=form)
