"""Record a telephone call: first who calls, then what about (PA-7, PA-13)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.calendar.hours import school_hours
from accounts.gates import access
from accounts.http import PortalRequest
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse
from messaging.office.forms.staff import CallForm
from messaging.office.queries.enquiries import (
    contacts_named,
    get_contact_for_call,
)
from messaging.office.queries.restricted import restricted_children
from messaging.office.services.calls import record_call
from messaging.oversight.forms import FindForm


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def office_call(request: PortalRequest, contact_id: int | None = None) -> HttpResponse:
    """Choose the adult who telephones, then record the call (PA-7, PA-13)."""
    if contact_id is None:
        find = FindForm(request.GET)
        q = find.cleaned_data["child"] if find.is_valid() else ""
        found = contacts_named(request.actor, q)
        return render(request, "messaging/office/call.html", {"found": found, "q": q, "form": find})
    contact, children = get_contact_for_call(request.actor, contact_id)
    hours = school_hours(request.school)
    data = request.POST if request.method == "POST" else None
    barred = restricted_children(contact, children)
    today = hours.local_date(request.school.now)
    form = CallForm(data, children=children, barred=barred, today=today, hours=hours)
    if form.is_bound and form.is_valid():
        try:
            enquiry = record_call(contact=contact, by=request.actor, at=request.school.now, **form.facts())
            messages.success(
                request, _("It is on the list: %(reference)s.") % {"reference": enquiry.reference}
            )
            return redirect("office")
        except RuleViolation as violation:
            refuse(form, violation)
    context = {"form": form, "contact": contact, "barred": barred}
    return render(request, "messaging/office/call_write.html", context, status=422 if form.errors else 200)
