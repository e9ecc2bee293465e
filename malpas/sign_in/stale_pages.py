"""Answer a form whose token is no longer right."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as refuse

# Pages that a second tab shows while its browser signs in by the first. Signing in changes the token.
TO_SIGN_IN = {
    "account_login", "account_request_login_code", "account_confirm_login_code", "account_signup",
    "account_email_verification_sent", "mfa_authenticate",
}  # fmt: skip
TO_JOIN = {"join", "join_code"}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Lead home whoever signed in by another tab meanwhile; refuse everything else.

    Nothing that was sent is taken. A part of a page gets the refusal, which its script shows.
    """
    page = request.resolver_match.url_name if request.resolver_match else ""
    if request.user.is_authenticated and not request.headers.get("HX-Request"):
        if page in TO_SIGN_IN:
            return redirect("home")
        if page in TO_JOIN:
            messages.info(request, _("You have signed in in another tab. Please send the code again."))
            return redirect(request.path)
    return refuse(request, reason)
