"""Let leaders invite staff to an account of their own, end it, and reset a lost second factor."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import access
from accounts.http import PortalRequest
from accounts.models.people import StaffMember
from accounts.rules import needs_mfa
from accounts.staff.accounts import end_staff_account, invite_once, withdraw_staff_invitation
from accounts.staff.invitation_forms import EndStaffAccountForm, InviteStaffForm
from accounts.staff.mfa_reset import NoMfa, reset_mfa
from accounts.staff.pages.forms import ResetForm, SeenForm
from accounts.staff.pages.overview import staff_rows
from accounts.staff.pages.views.base import form_methods, page, staff_for_leader, staff_to_change
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse
from malpas.lib.posted import posted_from


def _account_page(request: PortalRequest, member: StaffMember, form=None) -> HttpResponse:
    [row] = staff_rows([member.pk], at=request.school.now)
    if form is None:
        initial = {"address": row.invitation.address} if row.invitation else {}
        form = EndStaffAccountForm() if row.member.user else InviteStaffForm(initial=initial)
    context = {"member": row.member, "row": row, "mfa_setup": needs_mfa(row.member)}
    return page(request, "account", form, **context)


@access()
@require_safe
def staff_account(request: PortalRequest, pk: int) -> HttpResponse:
    return _account_page(request, staff_to_change(request, pk))


@access()
@posted_from("staff_account")
def staff_invite(request: PortalRequest, pk: int) -> HttpResponse:
    """Mail an invitation in place of the one that the page showed."""
    member = staff_to_change(request, pk)
    form, seen = InviteStaffForm(request.POST), SeenForm(request.POST)
    if not form.is_valid():
        return _account_page(request, member, form)
    address = form.cleaned_data["address"]
    shown = seen.cleaned_data["seen"] if seen.is_valid() else None
    try:
        invite_once(member, address, seen=shown, by=request.actor, at=request.school.now)
    except RuleViolation as violation:
        member.refresh_from_db()
        if member.user:  # it was accepted meanwhile: there is no form any more
            messages.warning(request, violation.sentence)
            return redirect("staff_account", pk)
        return _account_page(request, member, refuse(form, violation))
    messages.success(request, _("The invitation is on its way to %(address)s.") % {"address": address})
    return redirect("staff_member", pk)


@access()
@require_POST
def staff_invitation_withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    member = staff_to_change(request, pk)
    try:
        ended = withdraw_staff_invitation(member, by=request.actor, at=request.school.now)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
        return redirect("staff_account", pk)
    if ended:
        messages.success(request, _("The invitation is withdrawn: its link no longer works."))
    else:
        messages.info(
            request, _("There is no open invitation any more: it was accepted or withdrawn before.")
        )
    return redirect("staff_account", pk)


@access()
@posted_from("staff_account")
def staff_account_end(request: PortalRequest, pk: int) -> HttpResponse:
    member = staff_to_change(request, pk)
    form = EndStaffAccountForm(request.POST)
    if not form.is_valid() and member.user:
        return _account_page(request, member, form)
    try:
        end_staff_account(
            member, by=request.actor, reason=form.cleaned_data.get("reason", ""), at=request.school.now
        )
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
        return redirect("staff_account", pk)
    messages.success(request, _("Done. They are signed out everywhere."))
    return redirect("staff_member", pk)


@access()
@form_methods
def staff_mfa(request: PortalRequest, pk: int) -> HttpResponse:
    """Take away a lost second factor, with a reason."""
    member = staff_for_leader(request, pk)
    form = ResetForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            if member.user is None:
                raise NoMfa
            reset_mfa(member.user, by=request.actor, reason=form.cleaned_data["reason"])
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            messages.success(request, _("Done. They set up a new second step at their next sign-in."))
            return redirect("staff_member", pk)
    return page(request, "mfa", form, member=member)
