"""Let the office change or withdraw a pending answer (TE-4)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gates import access
from accounts.http import PortalRequest
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse
from messaging.office.forms.staff import AnswerChangeForm
from messaging.office.queries.answers import get_letter, get_own_answer
from messaging.office.queries.enquiries import get_enquiry_at_office
from messaging.office.services import answers


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def answer_change(request: PortalRequest, pk: int, key: UUID) -> HttpResponse:
    enquiry = get_enquiry_at_office(request.actor, pk)
    entry = get_own_answer(request.actor, enquiry, key)
    form = AnswerChangeForm(request.POST if request.method == "POST" else None, initial={"body": entry.body})
    if form.is_bound and form.is_valid():
        try:
            answers.change_answer(entry, body=form.cleaned_data["body"], by=request.actor)
            return redirect("enquiry", enquiry.pk)
        except RuleViolation as violation:
            refuse(form, violation)
    context = {"form": form, "enquiry": enquiry}
    return render(request, "messaging/office/answer_change.html", context, status=422 if form.errors else 200)


@access()
@require_safe
def letter(request: PortalRequest, pk: int, key: UUID) -> HttpResponse:
    """Show a letter to print, for somebody without an account."""
    enquiry = get_enquiry_at_office(request.actor, pk)
    context = {"enquiry": enquiry, "entry": get_letter(enquiry, key)}
    return render(request, "messaging/office/letter.html", context)


@access()
@require_POST
def answer_withdraw(request: PortalRequest, pk: int, key: UUID) -> HttpResponse:
    enquiry = get_enquiry_at_office(request.actor, pk)
    entry = get_own_answer(request.actor, enquiry, key)
    try:
        answers.withdraw_answer(entry, by=request.actor, at=request.school.now)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
    else:
        messages.success(request, _("Withdrawn. It will not arrive."))
    return redirect("enquiry", enquiry.pk)
