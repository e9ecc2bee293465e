"""Let leaders give and end PINs, and end somebody's work with a date."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.gates import access
from accounts.http import PortalRequest
from accounts.models.people import StaffMember
from accounts.staff.leaving import Ends, EndUnconfirmed, bring_back, end_work, leaving_day
from accounts.staff.pages.forms import BackForm, EndsForm, LeavingForm, PinForm
from accounts.staff.pages.overview import staff_rows
from accounts.staff.pages.views.base import form_methods, page, staff_to_change
from accounts.staff.pins import end_pin, give_pin, pin_mark
from accounts.staff.role_texts import OPENS
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse
from malpas.lib.posted import posted_from, shown_once


def _pin_page(request: PortalRequest, member: StaffMember, refused: RuleViolation | None = None):
    """Show whose PIN this person has; after a refusal the form knows what stands now."""
    [row] = staff_rows([member.pk], at=request.school.now)
    form = PinForm(initial={"seen": pin_mark(row.member)})
    context = {"form": form, "member": row.member, "row": row, "refused": refused}
    return render(request, "accounts/staff/pages/pin.html", context, status=422 if refused else 200)


@access()
@form_methods
def staff_pin(request: PortalRequest, pk: int) -> HttpResponse:
    """Give a PIN. It stands on the page that answers, and nowhere else."""
    member = staff_to_change(request, pk)
    form = PinForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _pin_page(request, member)
    try:
        pin = give_pin(member, **form.cleaned_data, by=request.actor, at=request.school.now)
    except RuleViolation as violation:
        return _pin_page(request, member, violation)
    [row] = staff_rows([pk], at=request.school.now)
    context = {"member": row.member, "row": row, "pin": pin}
    return shown_once(render(request, "accounts/staff/pages/pin_given.html", context))


@access()
@posted_from("staff_pin")
def staff_pin_end(request: PortalRequest, pk: int) -> HttpResponse:
    member = staff_to_change(request, pk)
    try:
        end_pin(member, by=request.actor)
    except RuleViolation as violation:
        return _pin_page(request, member, violation)
    messages.success(
        request, _("The PIN is ended. They cannot work at the account of a class until they get another.")
    )
    return redirect("staff_member", pk)


@access()
@form_methods
def staff_leaving(request: PortalRequest, pk: int) -> HttpResponse:
    """Enter the day on which somebody leaves, after a question with numbers.

    The button of the second page sends the numbers that it showed.
    """
    member = staff_to_change(request, pk)
    day = leaving_day(member)
    form = LeavingForm(request.POST if request.method == "POST" else None, initial={"day": day, "seen": day})
    if form.is_valid():
        confirmed, said = EndsForm(request.POST).confirmed(), form.cleaned_data
        try:
            end_work(
                member,
                said["day"],
                seen=said["seen"],
                ends=confirmed,
                by=request.actor,
                at=request.school.now,
            )
            return redirect("staff_member", pk)
        except EndUnconfirmed as violation:
            return _check(request, member, form, violation.ends, again=confirmed is not None)
        except RuleViolation as violation:
            refuse(form, violation)
    [row] = staff_rows([pk], at=request.school.now)
    roles = [(name, OPENS[name]) for name in row.roles]
    return page(request, "leaving", form, member=row.member, row=row, roles=roles)


def _check(request: PortalRequest, member: StaffMember, form, ends: Ends, *, again: bool) -> HttpResponse:
    """Say in numbers what ends, and ask."""
    [row] = staff_rows([member.pk], at=request.school.now)
    context = {
        "member": row.member,
        "row": row,
        "said": form.cleaned_data,
        "ends": ends,
        "again": again,
        "is_now": form.cleaned_data["day"] <= row.today,
    }
    return render(request, "accounts/staff/pages/end.html", context, status=409 if again else 200)


@access()
@require_POST
def staff_back(request: PortalRequest, pk: int) -> HttpResponse:
    """Take a leaving day away."""
    member, form = staff_to_change(request, pk), BackForm(request.POST)
    roles = form.cleaned_data["roles"] if form.is_valid() else []
    try:
        bring_back(member, roles=roles, by=request.actor, at=request.school.now)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
        return redirect("staff_leaving", pk)
    messages.success(request, _("%(name)s works here.") % {"name": member})
    return redirect("staff_member", pk)
