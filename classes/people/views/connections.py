"""Let office and leaders restrict, correct, end and open again a connection."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.gates import access
from accounts.http import PortalRequest
from classes.enums import Restriction
from classes.forms import EndsForm
from classes.guardianship.ending import EndUnconfirmed, end_confirmed, what_ends
from classes.guardianship.facts import change_facts, facts_of
from classes.guardianship.restrictions import set_restriction
from classes.guardianship.services import open_again
from classes.joining.queries import state_of
from classes.models.guardianships import Guardianship
from classes.people.connection_forms import EndForm, FactsForm, RestrictForm
from classes.people.queries import approvals_of, get_connection
from classes.people.views.form_page import form_methods, page
from classes.queries import is_own_child
from classes.rules import EndsOthers
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse


def _context(request: PortalRequest, one: Guardianship) -> dict[str, object]:
    state = state_of(one, request.school.now)
    return {"one": one, "state": state, "is_own": is_own_child(request.user, one.pupil_id)}


@access()
@require_safe
def connection(request: PortalRequest, pk: int) -> HttpResponse:
    """Show what an adult is to a child, who approved it, and what can be done."""
    one = get_connection(request.actor, pk)
    context = {**_context(request, one), "approvals": approvals_of(one)}
    return render(request, "classes/people/connection.html", context)


@access()
@form_methods
def restrict(request: PortalRequest, pk: int) -> HttpResponse:
    """Set what an adult may do for a child.

    It holds at the next request.
    """
    one, now = get_connection(request.actor, pk), request.school.now
    initial = {"restriction": one.restriction, "note": one.restriction_note}
    form = RestrictForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            set_restriction(guardianship=one, **form.cleaned_data, by=request.actor, at=now)
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            messages.success(request, _("Decided. It counts from now on."))
            return redirect("people_child", one.pupil_id)
    ends = None if one.restriction == Restriction.NO_ACCESS else what_ends(one, now)
    return page(request, "restrict", form, **_context(request, one), ends=ends)


@access()
@form_methods
def connection_change(request: PortalRequest, pk: int) -> HttpResponse:
    """Change relationship, responsibility, order and letters of a connection."""
    one, ends = get_connection(request.actor, pk), None
    form = FactsForm(request.POST if request.method == "POST" else None, facts=facts_of(one))
    if form.is_valid():
        confirmed = EndsForm(request.POST).confirmed()
        try:
            changed = change_facts(guardianship=one, values=form.values(), ends=confirmed, by=request.actor)
        except EndsOthers as violation:
            ends = violation.number
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            if changed:
                messages.success(request, _("Changed. Please correct it in the school’s system, too."))
            return redirect("people_connection", pk)
    return page(request, "connection_change", form, **_context(request, one), ends=ends)


@access()
@form_methods
def connection_end(request: PortalRequest, pk: int) -> HttpResponse:
    """Say in numbers what ends.

    The button of that page sends those numbers.
    """
    one, now = get_connection(request.actor, pk), request.school.now
    confirmed = EndForm(request.POST).confirmed() if request.method == "POST" else None
    ends, refused = what_ends(one, now), ""
    if request.method == "POST":
        try:
            end_confirmed(guardianship=one, confirmed=confirmed, by=request.actor, at=now)
        except EndUnconfirmed as violation:
            ends = violation.ends
        except RuleViolation as violation:
            refused = str(violation.sentence)
        else:
            messages.success(
                request,
                _(
                    "Ended. Another adult can have the place. This adult sees nothing about the child any more."
                ),
            )
            return redirect("people_child", one.pupil_id)
    context = {**_context(request, one), "ends": ends, "refused": refused, "again": confirmed is not None}
    status = 422 if refused else 409 if confirmed is not None else 200
    return render(request, "classes/people/connection_end.html", context, status=status)


@access()
@form_methods
def connection_open(request: PortalRequest, pk: int) -> HttpResponse:
    """Say what comes back with a connection, and open it again."""
    one, refused = get_connection(request.actor, pk), ""
    if request.method == "POST":
        try:
            fresh = open_again(guardianship=one, by=request.actor)
        except RuleViolation as violation:
            refused = str(violation.sentence)
        else:
            messages.success(request, _("Open again. They need a new code to join."))
            return redirect("people_connection", fresh.pk)
    context = {**_context(request, one), "refused": refused}
    return render(request, "classes/people/connection_open.html", context, status=422 if refused else 200)
