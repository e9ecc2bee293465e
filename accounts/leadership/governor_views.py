"""Let two senior leaders change the governor together (PA-7)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.gates import access
from accounts.http import PortalRequest
from accounts.leadership.governor import (
    NotOffered,
    confirm_change,
    is_offered_for,
    may_take_part,
    open_changes,
    propose_change,
    withdraw_change,
)
from accounts.leadership.governor_forms import DecisionForm, ProposalForm
from accounts.models.governor import GovernorChange
from accounts.staff.pages.views.base import form_methods, staff_for_leader
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse
from malpas.lib.posted import posted_from


@access()
@form_methods
def staff_governor(request: PortalRequest, pk: int) -> HttpResponse:
    """Show what is proposed, and propose a change for another leader to confirm."""
    member, by, now = staff_for_leader(request, pk), request.actor, request.school.now
    if not is_offered_for(member):
        messages.warning(request, NotOffered.sentence)
        return redirect("staff_member", pk)
    form = ProposalForm(request.POST if request.method == "POST" else None, member=member)
    if form.is_valid():
        try:
            propose_change(member, **form.cleaned_data, by=by, at=now)
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            messages.success(request, _("Proposed. It happens when another senior leader confirms it."))
            return redirect("staff_governor", pk)
    context = {
        "member": member,
        "form": form,
        "changes": open_changes(member),
        "leader": by.staff,
        "may_take_part": may_take_part(by, member, at=now),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/leadership/governor.html", context, status=status)


@access()
@posted_from("staff_governor")
def staff_governor_decide(request: PortalRequest, pk: int) -> HttpResponse:
    """Confirm or withdraw what was proposed."""
    member, form = staff_for_leader(request, pk), DecisionForm(request.POST)
    if not form.is_valid():
        raise Http404
    said, now = form.cleaned_data, request.school.now
    change = get_object_or_404(
        GovernorChange.objects.select_related("staff"), staff=member, pk=said["change"]
    )
    try:
        if said["confirm"]:
            confirm_change(change, by=request.actor, at=now)
            messages.success(request, _("Done. The governor is told by e-mail."))
        else:
            withdraw_change(change, by=request.actor, at=now)
            messages.success(request, _("Withdrawn."))
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
    return redirect("staff_governor", pk)
