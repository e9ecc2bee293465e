"""Show who works here; let leaders add people, correct records and give roles."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.gates import access
from accounts.http import PortalRequest
from accounts.models.people import StaffMember
from accounts.staff import records
from accounts.staff.pages.forms import CorrectForm, NewStaffForm, RolesForm, SearchForm
from accounts.staff.pages.overview import find_staff, get_staff_for, open_invitations, staff_rows
from accounts.staff.pages.views.base import form_methods, page, staff_to_change
from accounts.staff.role_texts import OPENS
from accounts.staff.rules import is_own_record, may_change_staff, may_see_staff
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse


@access()
@require_safe
def staff(request: PortalRequest) -> HttpResponse:
    if not may_see_staff(request.actor):
        raise Http404
    said = SearchForm(request.GET).read()
    context = {
        **said,
        "rows": find_staff(**said, at=request.school.now),
        "open_links": open_invitations().count(),
        "leads": request.actor.is_slt,
        "query": urlencode({"q": said["q"], **({"left": "1"} if said["left"] else {})}) + "&",
    }
    return render(request, "accounts/staff/pages/list.html", context)


@access()
@require_safe
def staff_member(request: PortalRequest, pk: int) -> HttpResponse:
    member = get_staff_for(request.actor, pk)
    [row] = staff_rows([member.pk], at=request.school.now)
    by = request.actor
    context = {
        "row": row,
        "member": row.member,
        "opens": [OPENS[name] for name in row.roles],
        "leads": by.is_slt,
        "may_change": may_change_staff(by, member),
        "is_own": is_own_record(by, member),
        "is_head": bool(by.staff and by.staff.is_head),
    }
    return render(request, "accounts/staff/pages/member.html", context)


@access()
@form_methods
def staff_add(request: PortalRequest) -> HttpResponse:
    if not may_see_staff(request.actor):
        raise Http404
    if not request.actor.is_slt:
        raise PermissionDenied
    form = NewStaffForm(request.POST if request.method == "POST" else None)
    same: list[StaffMember] = []
    given: list[str] = []
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = records.add_staff(
                values=form.values(),
                roles=[name for name, wanted in form.wanted().items() if wanted],
                confirmed=said["confirmed"],
                another=said["another"],
                key=said["key"],
                by=request.actor,
                at=request.school.now,
            )
            return redirect("staff_member", made.pk)
        except RuleViolation as violation:
            refuse(form, violation)
            same, given = getattr(violation, "same", []), getattr(violation, "given", [])
    return page(request, "add", form, same=same, given=_opened(given))


def _opened(given: list[str]) -> list[tuple[str, str]]:
    return [(name, str(OPENS[name])) for name in given]


@access()
@form_methods
def staff_change(request: PortalRequest, pk: int) -> HttpResponse:
    member = staff_to_change(request, pk)
    initial = {name: getattr(member, name) for name in records.COLUMNS}
    form = CorrectForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            if records.correct_staff(member, form.values(), by=request.actor):
                messages.success(request, _("Changed."))
            return redirect("staff_member", pk)
        except RuleViolation as violation:
            refuse(form, violation)
    return page(request, "change", form, member=member)


@access()
@form_methods
def staff_roles(request: PortalRequest, pk: int) -> HttpResponse:
    """Give and take roles; a new one is given once somebody has read what it opens."""
    member, given = staff_to_change(request, pk), []
    initial = {name: getattr(member, name) for name in records.GIVEN_ROLES}
    form = RolesForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        said = form.cleaned_data["confirmed"]
        try:
            changed = records.set_roles(
                member, form.wanted(), confirmed=said, by=request.actor, at=request.school.now
            )
            if changed:
                messages.success(
                    request, _("The roles are changed. The person and the head teacher are told.")
                )
            return redirect("staff_member", pk)
        except records.RolesUnconfirmed as violation:
            refuse(form, violation)
            given = violation.given
        except RuleViolation as violation:
            refuse(form, violation)
    return page(request, "roles", form, member=member, given=_opened(given))
