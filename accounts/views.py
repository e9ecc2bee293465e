from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.forms import AcceptTermsForm
from accounts.models import TermsVersion
from accounts.services import accept_terms


def terms_in_force(request: HttpRequest) -> TermsVersion | None:
    return TermsVersion.objects.filter(number=request.school.terms_number).first()


def terms(request: HttpRequest) -> HttpResponse:
    version = terms_in_force(request)
    if version is None:
        return redirect("home")
    form = AcceptTermsForm(request.POST or None, initial={"number": version.number})
    if form.is_valid() and form.cleaned_data["number"] == version.number:
        accept_terms(by=request.actor, version=version)
        return redirect("home")
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/terms.html", {"version": version, "form": form}, status=status)


def terms_read(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/terms_read.html", {"version": terms_in_force(request)})
