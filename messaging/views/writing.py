from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.queries import school_hours
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import go, refuse
from messaging import queries, rules, services
from messaging.enums import AbsenceReason, Symptom, Topic
from messaging.forms import AbsenceForm, EnquiryForm
from messaging.models import Enquiry

ABSENCE_FACTS = ("first_day", "part", "reason", "symptom", "back_on")


def _office(request: HttpRequest) -> dict[str, object]:
    now, hours = request.school.now, school_hours(request.school)
    return {"answers": rules.office_answers(now, hours), "opens": rules.office_opens(now, hours)}


@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    context = {"children": queries.children_to_write_about(request.actor), "office": _office(request)}
    return render(request, "messaging/topics.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def enquiry(request: HttpRequest, topic: str) -> HttpResponse:
    children = queries.children_to_write_about(request.actor)
    if topic not in Topic.values or topic == Topic.ABSENCE:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = EnquiryForm(data, topic=Topic(topic), children=children)
    if form.is_bound and form.is_valid():
        answers = form.cleaned_data
        told = _tell(
            request,
            form,
            topic=topic,
            pupils=[answers["child"]] if answers["child"] else [],
            words=answers["words"],
            phone=answers.get("phone", ""),
        )
        if told:
            return go(request, reverse("write_done", args=["".join(told.reference.split())]))
    status = 422 if form.errors else 200
    context = {"form": form, "topic": Topic(topic), "office": _office(request)}
    return render(request, "messaging/enquiry.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: HttpRequest) -> HttpResponse:
    children, hours, now = (
        queries.children_to_write_about(request.actor),
        school_hours(request.school),
        request.school.now,
    )
    form = AbsenceForm(
        request.POST if request.method == "POST" else None,
        children=children,
        today=hours.local_date(now),
        next_day=rules.next_school_day(now, hours),
        hours=hours,
    )
    if form.is_bound and form.is_valid():
        answers = form.cleaned_data
        facts = services.AbsenceFacts(**{name: answers[name] for name in ABSENCE_FACTS})
        told = _tell(
            request,
            form,
            topic=Topic.ABSENCE,
            pupils=answers["children"],
            words=answers["note"],
            phone=answers["phone"],
            absence=facts,
        )
        if told:
            return go(request, reverse("write_done", args=["".join(told.reference.split())]))
    return render(request, "messaging/absence.html", {"form": form}, status=422 if form.errors else 200)


def _tell(request: HttpRequest, form, **facts) -> Enquiry | None:
    key = form.cleaned_data["key"]
    try:
        return services.tell_the_office(by=request.actor, at=request.school.now, key=key, **facts)
    except RuleViolation as violation:
        refuse(form, violation)
        return None


@require_safe
def done(request: HttpRequest, reference: str) -> HttpResponse:
    told = queries.get_own_enquiry(request.actor, reference)
    facts = getattr(told, "absence", None)
    tummy = facts and facts.reason == AbsenceReason.ILL and facts.symptom == Symptom.TUMMY
    return render(request, "messaging/done.html", {"told": told, "absence": facts, "tummy": tummy})
