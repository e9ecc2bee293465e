"""Let office and leaders correct a record, add people, and invite an adult."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.gates import access
from accounts.http import PortalRequest
from classes.corrections.queries import corrected_fields
from classes.joining.queries import state_of
from classes.joining.rules import is_asked_first, what_records_say, why_no_code
from classes.joining.views import pdf_answer
from classes.joining.waiting import open_request_of
from classes.letter_files.names import letters_with_boxes
from classes.letter_files.pdf import letters_pdf
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from classes.people import forms, services
from classes.people.connection_forms import AskForm
from classes.people.inviting import invite_adult
from classes.people.queries import (
    adults_to_connect,
    check_keeper,
    get_connection,
    get_contact_record,
    get_pupil_record,
    leaders_to_ask,
    same_named_adults,
    same_named_children,
)
from classes.people.views.form_page import form_methods, page, refuse_at
from classes.rules import ADDED_BY_HAND, EndsOthers
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse


def _earlier(person: Pupil | Contact, names: list[str]) -> dict[str, object]:
    values = {name: getattr(person, name) for name in names}
    if str(values.get("school_ref", "")).startswith(ADDED_BY_HAND):
        values["school_ref"] = ""
    return values


@access()
@form_methods
def child_change(request: PortalRequest, pk: int) -> HttpResponse:
    pupil, now = get_pupil_record(request.actor, pk), request.school.now
    by_hand = pupil.school_ref.startswith(ADDED_BY_HAND)
    Form = forms.NumberedPupilForm if by_hand else forms.PupilForm
    initial = _earlier(pupil, [*Form.base_fields])
    form = Form(request.POST if request.method == "POST" else None, initial=initial, today=localdate(now))
    if form.is_valid():
        values = {name: value for name, value in form.values().items() if name != "school_ref" or value}
        if "classroom" in form.changed_data:
            values["classroom"] = form.cleaned_data["classroom"]
        try:
            changed = services.correct_pupil(pupil=pupil, values=values, by=request.actor, at=now)
            return _corrected(request, changed, "people_child", pk)
        except RuleViolation as violation:
            refuse_at(form, violation)
    return page(request, "child_change", form, pupil=pupil, corrected=corrected_fields([pupil]).get(pk))


@access()
@form_methods
def adult_change(request: PortalRequest, pk: int) -> HttpResponse:
    contact, now = get_contact_record(request.actor, pk), request.school.now
    initial = _earlier(contact, [*forms.ContactForm.base_fields])
    data = request.POST if request.method == "POST" else None
    form = forms.ContactForm(data, initial=initial, today=localdate(now))
    if form.is_valid():
        try:
            changed = services.correct_contact(
                contact=contact, values=form.values(), by=request.actor, at=now
            )
            return _corrected(request, changed, "people_adult", pk)
        except RuleViolation as violation:
            refuse_at(form, violation)
    return page(request, "adult_change", form, contact=contact)


def _corrected(request: PortalRequest, changed: set[str], route: str, pk: int) -> HttpResponse:
    if changed:
        messages.success(request, _("Corrected. Please correct it in the school’s system, too."))
    return redirect(route, pk)


@access()
@form_methods
def child_leaving(request: PortalRequest, pk: int) -> HttpResponse:
    """Set the day on which a child leaves, or that it is here."""
    pupil = get_pupil_record(request.actor, pk)
    stays = "stays" in request.POST
    data = request.POST if request.method == "POST" and not stays else None
    form = forms.LeavingForm(data, initial={"left_on": pupil.left_on})
    if stays or form.is_valid():
        left_on = None if stays else form.cleaned_data["left_on"]
        try:
            services.set_leaving(pupil=pupil, left_on=left_on, by=request.actor)
            return redirect("people_child", pk)
        except RuleViolation as violation:
            refused = form if form.is_bound else forms.LeavingForm({"left_on": pupil.left_on})
            form = refuse(refused, violation)
    joined = Guardianship.objects.filter(pupil=pupil, joined_at__isnull=False, ended_at__isnull=True)
    return page(request, "child_leaving", form, pupil=pupil, joined=joined.select_related("contact"))


@access()
@form_methods
def child_add(request: PortalRequest) -> HttpResponse:
    check_keeper(request.actor)
    now, same = request.school.now, []
    form = forms.NewPupilForm(request.POST if request.method == "POST" else None, today=localdate(now))
    if form.is_valid():
        said = form.cleaned_data
        surnames = (said["legal_surname"], said["preferred_surname"] or said["legal_surname"])
        same = [] if said["another"] else same_named_children(said["preferred_forename"], surnames)
        try:
            _ask_if_same(same)
            pupil = services.add_pupil(
                values=form.values(), classroom=said["classroom"], key=said["key"], by=request.actor, at=now
            )
            return redirect("people_child", pupil.pk)
        except RuleViolation as violation:
            refuse_at(form, violation)
    return page(request, "child_add", form, same=same)


def _ask_if_same(same: list) -> None:
    if same:
        raise RuleViolation(_("Somebody of this name is in the records already. Is it the same person?"))


@access()
@form_methods
def adult_add(request: PortalRequest, pk: int) -> HttpResponse:
    """Add an adult whom the records do not know, connected with a child."""
    pupil, now, same = get_pupil_record(request.actor, pk), request.school.now, []
    form = forms.NewAdultForm(request.POST if request.method == "POST" else None, today=localdate(now))
    if form.is_valid():
        said = form.cleaned_data
        same = [] if said["another"] else same_named_adults(said["forename"], said["surname"])
        try:
            _ask_if_same(same)
            services.add_adult(
                pupil=pupil,
                values=form.values(),
                facts=form.facts(),
                key=said["key"],
                by=request.actor,
                at=now,
            )
            return redirect("people_child", pk)
        except RuleViolation as violation:
            refuse_at(form, violation)
    return page(request, "adult_add", form, pupil=pupil, same=same)


@access()
@require_http_methods(["GET", "HEAD"])
def adult_find(request: PortalRequest, pk: int) -> HttpResponse:
    """Look for an adult of the records to connect with a child."""
    pupil, q = get_pupil_record(request.actor, pk), forms.SearchForm(request.GET).read()["q"]
    context = {"pupil": pupil, "q": q, "found": adults_to_connect(q, pupil)}
    return render(request, "classes/people/adult_find.html", context)


@access()
@form_methods
def connect(request: PortalRequest, pk: int, contact_id: int) -> HttpResponse:
    pupil = get_pupil_record(request.actor, pk)
    contact = get_contact_record(request.actor, contact_id)
    form = forms.ConnectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.connect_adult(
                pupil=pupil, contact=contact, facts=form.facts(), by=request.actor, at=request.school.now
            )
            return redirect("people_child", pk)
        except RuleViolation as violation:
            refuse(form, violation)
    return page(request, "connect", form, pupil=pupil, contact=contact)


@access()
@form_methods
def invite(request: PortalRequest, pk: int) -> HttpResponse:
    """Say what a letter for this adult means, then make it."""
    connection, now, ends = get_connection(request.actor, pk), request.school.now, None
    waits = bool(state_of(connection, now).why_waits)
    data = request.POST if request.method == "POST" else None
    form = forms.InviteForm(data, needs_reason=waits and request.actor.is_slt)
    if form.is_valid():
        try:
            issued = invite_adult(guardianship=connection, **form.cleaned_data, by=request.actor, at=now)
            return pdf_answer(letters_pdf([issued], request.school), f"letter-{connection.pk}")
        except EndsOthers as violation:
            ends = violation.number
        except RuleViolation as violation:
            refuse(form, violation)
    state = state_of(connection, now)
    why = why_no_code(connection, by_hand=True, on=localdate(now))
    never = "" if why == state.why_waits else why  # what a leader can approve is no end
    asked = {"request_open": open_request_of(connection), "leaders": leaders_to_ask() if waits else []}
    return page(
        request,
        "invite",
        form,
        connection=connection,
        state=state,
        ends=ends,
        never=never,
        boxes=letters_with_boxes([connection]),
        contact_only=what_records_say(connection) if is_asked_first(connection) else "",
        ask=AskForm(),
        **asked,
    )
