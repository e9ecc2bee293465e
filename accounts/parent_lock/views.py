"""Unlock, lock by hand, and report use of a page (PA-11)."""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.allauth_internals import record_authentication
from accounts.drafts.saved_forms import saved_forms_for
from accounts.gates import Opens, access
from accounts.http import PortalRequest
from accounts.models.parent_pin import ParentPin
from accounts.parent_lock import lock as parent_lock
from accounts.parent_lock import pin as services
from accounts.parent_lock.email_codes import is_code_sent, send_unlock_code, try_unlock_code
from accounts.parent_lock.forms import (
    UnlockByCodeForm,
    UnlockByPasswordForm,
    UnlockByPinForm,
    UnlockQueryForm,
)
from accounts.sessions.rate_limits import Limit, RateLimit, RateLimited
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import go, refuse

PROVING = Limit("unlock-proof", 5, 5 * 60)
FORMS = {"pin": UnlockByPinForm, "password": UnlockByPasswordForm, "code": UnlockByCodeForm}


class WrongPassword(RuleViolation):
    sentence = _("That is not your password.")


class WrongCode(RuleViolation):
    sentence = _("That is not the code, or it is too old.")


@access(Opens.BEFORE_TERMS | Opens.TO_ANYBODY)
@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: PortalRequest) -> HttpResponse:
    if not (request.actor.is_parent or parent_lock.is_shared_view(request)):
        raise Http404
    asked = UnlockQueryForm(request.GET)
    wanted: dict[str, Any] = asked.cleaned_data if asked.is_valid() else {"next": "", "forgotten": False}
    if request.method != "POST":
        return _page(request, None, back=wanted["next"], forgotten=wanted["forgotten"])
    how = next((each for each in FORMS if each in request.POST), "")
    form = FORMS[how](request.POST) if how else UnlockByCodeForm(request.POST)
    status = 422
    try:
        if not how:
            send_unlock_code(request)
            return redirect(parent_lock.lock_address(form.next_address()))
        if form.is_valid():
            since = parent_lock.unlocked_at(request)
            _prove(request, how, form.cleaned_data[how])
            return _restore(request, form.next_address(), since)
    except RuleViolation as violation:
        refuse(form, violation)
        status = 429 if isinstance(violation, RateLimited) else 422
    return _page(request, form, back=form.next_address(), forgotten=how != "pin", status=status)


def _prove(request: PortalRequest, how: str, answer: str) -> None:
    """Unlock when the answer is right.

    Raises the RuleViolation that says why not.
    """
    by = request.actor
    if how == "pin":
        services.try_parent_pin(answer, by=by, at=request.school.now)
    else:
        counted = RateLimit((PROVING, by.user.pk))
        counted.acquire()
        if how == "password" and not by.user.check_password(answer):
            raise WrongPassword
        if how == "code" and not try_unlock_code(request, answer):
            raise WrongCode
        counted.release()
        services.forgive_wrong_pins(by=by)
    if how == "password":
        record_authentication(request, by.user, "password", reauthenticated=True)
    parent_lock.unlock(request, how=how)


def _restore(request: PortalRequest, back: str, since: datetime | None) -> HttpResponse:
    """Redirect to where they were, or to a saved form."""
    saved = saved_forms_for(request, request.actor, request.school.now)
    if saved and (since is None or saved[0].at >= since):
        messages.info(request, _("Nothing is lost: here is what you were writing."))
        if saved[0].files:
            messages.warning(request, _("Photos could not be kept. Please choose them again."))
        return redirect(saved[0].path if saved[0].in_form else "saved_form")
    return redirect(back or "home")


def _page(request: PortalRequest, form, *, back: str, forgotten: bool, status: int = 200) -> HttpResponse:
    user = request.actor.user
    pin = ParentPin.objects.filter(user=user).first()
    forms = {f"{name}_form": form if isinstance(form, kind) else kind() for name, kind in FORMS.items()}
    context = forms | {
        "form": form,
        "next": back,
        "has_saved_form": bool(saved_forms_for(request, request.actor, request.school.now)),
        "shared_view": parent_lock.is_shared_view(request),
        "has_pin": pin is not None,
        "by_pin": pin is not None and not pin.is_closed and not forgotten,
        "shut": pin is not None and pin.is_closed,
        "has_password": user.has_usable_password(),
        "code_sent": is_code_sent(request),
        "passkey": Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists(),
    }
    return render(request, "accounts/parent_lock/unlock.html", context, status=status)


@access(Opens.FOR_FAMILIES)
@require_POST
def lock(request: PortalRequest) -> HttpResponse:
    if not request.actor.is_parent:
        raise Http404
    parent_lock.lock(request)
    messages.success(
        request, gettext("Locked. Messages and your account open with your PIN or your password.")
    )
    return go(request, redirect("home").url)


@access(Opens.FOR_FAMILIES)
@require_POST
def here(request: PortalRequest) -> HttpResponse:
    """Answer the page's script; the middleware has counted the use."""
    if not request.actor.is_parent:
        raise Http404
    return HttpResponse(status=204)
