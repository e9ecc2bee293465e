"""Let the office ask senior leaders about an adult, and leaders answer (PA-2)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.gates import access
from accounts.http import PortalRequest
from classes.guardianship.queries import orders_to_decide
from classes.joining.approvals import approve_adult
from classes.joining.queries import state_of
from classes.joining.requests import ask_for_approval, refuse_adult
from classes.joining.waiting import adults_waiting, open_request_of
from classes.people.connection_forms import AnswerForm, AskForm
from classes.people.queries import check_keeper, get_connection
from classes.people.views.form_page import form_methods, page
from classes.queries import is_own_child
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse
from malpas.lib.posted import posted_from


@access()
@require_safe
def waiting(request: PortalRequest) -> HttpResponse:
    """Show court orders that nobody has decided about, and adults who wait for a leader."""
    check_keeper(request.actor)
    context = {"orders": orders_to_decide(None), "waiting": adults_waiting()}
    return render(request, "classes/people/waiting.html", context)


@access()
@posted_from("people_invite")
def ask(request: PortalRequest, pk: int) -> HttpResponse:
    one, now = get_connection(request.actor, pk), request.school.now
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            ask_for_approval(guardianship=one, **form.cleaned_data, by=request.actor, at=now)
            messages.success(
                request, _("The senior leaders are asked. You see here when one of them has answered.")
            )
            return redirect("people_invite", pk)
        except RuleViolation as violation:
            refuse(form, violation)
    return page(request, "ask", form, one=one, state=state_of(one, now))


@access()
@form_methods
def answer(request: PortalRequest, pk: int) -> HttpResponse:
    """Let a leader approve or refuse an adult, with a written reason."""
    one, now = get_connection(request.actor, pk), request.school.now
    if not request.actor.is_slt:
        raise PermissionDenied
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        act = approve_adult if said["answer"] == AnswerForm.APPROVE else refuse_adult
        try:
            act(guardianship=one, reason=said["reason"], by=request.actor, at=now)
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            messages.success(
                request, _said(approved=act is approve_adult, has_code=bool(one.invitations.open()))
            )
            return redirect("people_waiting")
    state = state_of(one, now)
    asked = open_request_of(one)
    is_own = is_own_child(request.user, one.pupil_id)
    return page(request, "answer", form, one=one, state=state, asked=asked, is_own=is_own)


def _said(*, approved: bool, has_code: bool) -> str:
    if not approved:
        return _("Refused. It is kept with your reason.")
    return (
        _("Approved. The code in their letter works now.")
        if has_code
        else _("Approved. A code can be made now.")
    )
