"""Let the head teacher hand over to a successor (AU-11)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.gates import access
from accounts.http import PortalRequest
from accounts.leadership.forms import HandOverForm
from accounts.models.people import StaffMember
from accounts.staff.pages.overview import staff_rows
from accounts.staff.pages.views.base import form_methods, staff_for_leader
from accounts.staff.services import check_successor, hand_over_head
from malpas.lib.errors import RuleViolation


def _why_not(member: StaffMember) -> RuleViolation | None:
    try:
        check_successor(member)
    except RuleViolation as violation:
        return violation
    return None


def _page(request: PortalRequest, member: StaffMember, refused: RuleViolation | None = None) -> HttpResponse:
    [row] = staff_rows([member.pk], at=request.school.now)
    context = {
        "member": row.member,
        "row": row,
        "form": HandOverForm(initial={"seen": row.member.user_id}),
        "refused": refused,
        "impossible": _why_not(row.member),
    }
    return render(request, "accounts/leadership/head.html", context, status=422 if refused else 200)


@access()
@form_methods
def staff_head(request: PortalRequest, pk: int) -> HttpResponse:
    """Say what changes for both, and hand over. A repeat leads to the page of who is the head now."""
    member = staff_for_leader(request, pk)
    if member.is_head:
        messages.info(request, _("%(name)s is the head teacher.") % {"name": member})
        return redirect("staff_member", pk)
    if request.actor.staff is None or not request.actor.staff.is_head:
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, member)
    seen = HandOverForm(request.POST).account()
    try:
        hand_over_head(member, by=request.actor, at=request.school.now, seen=seen)
    except RuleViolation as violation:
        return _page(request, member, violation)
    messages.success(request, _("%(name)s is the head teacher now.") % {"name": member})
    return redirect("staff_member", pk)
