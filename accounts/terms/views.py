"""Pages of the terms, and of a school not open yet."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from accounts.access import accept_terms
from accounts.gates import Opens, access
from accounts.http import OpenRequest, PortalRequest
from accounts.models.terms import TermsVersion
from accounts.reader import Me
from accounts.rules import is_open_to, is_review_overdue
from accounts.terms.forms import AcceptTermsForm
from accounts.terms.queries import agreed_before, agreed_by, get_terms_for
from accounts.terms.text_diff import changes


def terms_in_force(request: OpenRequest) -> TermsVersion | None:
    number = request.school.terms_number
    return TermsVersion.objects.filter(number=number).first() if number else None


@access(Opens.TO_PUPILS | Opens.BEFORE_OPENING | Opens.BEFORE_STAFF_CHOICE | Opens.TO_ANYBODY)
@require_safe
def not_open(request: PortalRequest) -> HttpResponse:
    """Say that the school is not open yet.

    Once it is, redirect to the first page.
    """
    if is_open_to(request.actor, terms_number=request.school.terms_number):
        return redirect("home")
    nowhere: dict[str, object] = {"me": Me("none"), "tabs": [], "locks": 0, "draft_owner": None}
    return render(request, "accounts/terms/not_open.html", nowhere)


@access(Opens.BEFORE_TERMS | Opens.WITH_LEADERS_PIN)
def terms(request: PortalRequest) -> HttpResponse:
    version = terms_in_force(request)
    if version is None:
        return redirect("home")
    form = AcceptTermsForm(request.POST or None, initial={"number": version.number})
    if form.is_valid() and form.cleaned_data["number"] == version.number:
        accept_terms(by=request.actor, version=version)
        return redirect("home")
    before = agreed_before(request.actor, version.number)
    context = {
        "version": version,
        "form": form,
        "before": before,
        "changes": changes(before.body, version.body) if before else [],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/terms/accept.html", context, status=status)


@access(Opens.SCHOOL_PAGE)
def terms_read(request: OpenRequest) -> HttpResponse:
    return _read(request, terms_in_force(request))


@access()
@require_safe
def terms_mine(request: PortalRequest) -> HttpResponse:
    return render(request, "accounts/terms/mine.html", {"agreed": agreed_by(request.actor)})


@access()
@require_safe
def terms_version(request: PortalRequest, number: int) -> HttpResponse:
    version = get_terms_for(request.actor, number, in_force=request.school.terms_number)
    return _read(request, version)


def _read(request: OpenRequest, version: TermsVersion | None) -> HttpResponse:
    """Show one version; a review whose day is over is the leaders' to see, on their first page."""
    today = localtime(request.school.now).date()
    review_by = version.review_by if version and not is_review_overdue(version, today) else None
    return render(request, "accounts/terms/read.html", {"version": version, "review_by": review_by})
