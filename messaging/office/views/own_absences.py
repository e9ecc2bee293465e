"""Let a family change or cancel an absence that it reported (PA-13)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.calendar.hours import school_hours
from accounts.drafts.saved_forms import restored_values, restores_form
from accounts.gates import Opens, access
from accounts.http import PortalRequest
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import go, refuse
from messaging.fields import KeyForm
from messaging.models.enquiries import Enquiry
from messaging.office.forms.absence import AbsenceChangeForm
from messaging.office.notifications import enquiry_path
from messaging.office.queries.enquiries import get_own_enquiry
from messaging.office.rules.absences import may_change_absence
from messaging.office.services.absences import FACTS, AbsenceIsOver, cancel_absence, change_absence
from messaging.office.services.enquiries import AbsenceFacts


def _own_absence(request: PortalRequest, reference: str) -> Enquiry:
    found = get_own_enquiry(request.actor, reference)
    if not hasattr(found, "absence"):
        raise Http404
    return found


@access(Opens.FOR_FAMILIES)
@restores_form
@require_http_methods(["GET", "HEAD", "POST"])
def absence_change(request: PortalRequest, reference: str) -> HttpResponse:
    enquiry = _own_absence(request, reference)
    hours, now = school_hours(request.school), request.school.now
    today = hours.local_date(now)
    if request.method != "POST" and not may_change_absence(enquiry.absence, today):
        messages.warning(request, AbsenceIsOver.sentence)
        return redirect(enquiry_path(enquiry))
    posted = request.POST if request.method == "POST" else None
    restored = restored_values(request)
    form = AbsenceChangeForm(posted, absence=enquiry.absence, restored=restored, today=today, hours=hours)
    if form.is_bound and form.is_valid():
        facts = AbsenceFacts(**{name: form.cleaned_data[name] for name in FACTS})
        try:
            change_absence(enquiry, facts=facts, by=request.actor, at=now, key=form.cleaned_data["key"])
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            messages.success(request, _("Saved. The office sees it now."))
            return go(request, enquiry_path(enquiry))
    status = 422 if form.errors else 200
    context = {"form": form, "enquiry": enquiry}
    return render(request, "messaging/office/absence_change.html", context, status=status)


@access(Opens.FOR_FAMILIES)
@require_POST
def absence_cancel(request: PortalRequest, reference: str) -> HttpResponse:
    enquiry, form = _own_absence(request, reference), KeyForm(request.POST)
    form.is_valid()
    try:
        cancel_absence(enquiry, by=request.actor, at=request.school.now, key=form.cleaned_data["key"])
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
    else:
        messages.success(request, _("Cancelled. The office sees it now."))
    return redirect(enquiry_path(enquiry))
