"""What the pages of staff share: who may open them, and how they show a form."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.http import PortalRequest
from accounts.models.people import StaffMember
from accounts.staff.pages.overview import get_staff_for
from accounts.staff.rules import may_change_staff

form_methods = require_http_methods(["GET", "HEAD", "POST"])


def staff_to_change(request: PortalRequest, pk: int) -> StaffMember:
    """Return a record that this leader may change.

    404 to strangers; 403 to the office, and to other leaders for the head's.
    """
    member = get_staff_for(request.actor, pk)
    if not may_change_staff(request.actor, member):
        raise PermissionDenied
    return member


def staff_for_leader(request: PortalRequest, pk: int) -> StaffMember:
    """Return any record to a leader, also those that only its owner changes.

    404 to strangers, 403 to the office.
    """
    member = get_staff_for(request.actor, pk)
    if not request.actor.is_slt:
        raise PermissionDenied
    return member


def page(request: PortalRequest, template: str, form, **context: object) -> HttpResponse:
    """Return a form's page; 422 where something is to be looked at again."""
    status = 422 if form.errors else 200
    return render(request, f"accounts/staff/pages/{template}.html", {"form": form, **context}, status=status)
