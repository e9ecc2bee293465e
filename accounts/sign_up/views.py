"""The page of the code that confirms an address at sign-up."""

from allauth.account import views
from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.allauth_internals import SignUpCode, sign_up_code
from accounts.http import OpenRequest
from accounts.sign_in.forms import ConfirmAddressCodeForm, WrongAddressForm
from accounts.sign_up.services import change_address, send_again
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse

PAGE = "account_email_verification_sent"


def confirm_address(request: OpenRequest) -> HttpResponse:
    """Take the code, send it again, or send it to another address."""
    action = request.POST.get("action") if request.method == "POST" else ""
    code = sign_up_code(request) if action in {"resend", "change"} else None
    if code is None:
        return views.email_verification_sent(request)
    return _send_again(request, code) if action == "resend" else _change(request, code)


def _send_again(request: OpenRequest, code: SignUpCode) -> HttpResponse:
    try:
        send_again(request, code)
        messages.success(request, _("We have sent the code again."))
    except RuleViolation as violation:
        messages.error(request, violation.sentence)
    return redirect(PAGE)


def _change(request: OpenRequest, code: SignUpCode) -> HttpResponse:
    form, adapter = WrongAddressForm(request.POST, email=code.email), get_adapter()
    if not adapter.is_open_for_signup(request) or (code.user and code.user.last_login):
        return redirect("account_signup")
    if form.is_valid():
        try:
            return change_address(request, code, form) or redirect(PAGE)
        except RuleViolation as violation:
            refuse(form, violation)
    known = {"email": code.email, "change_form": form, "verify_form": ConfirmAddressCodeForm()}
    return render(request, "account/confirm_email_verification_code.html", known, status=422)
