"""Pages of one's own account: signed-in devices and the address."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gates import access
from accounts.http import PortalRequest
from accounts.models.people import User
from accounts.profile.email_change import (
    ChangeIsOver,
    PendingChange,
    begin_address_change,
    finish_address_change,
)
from accounts.profile.forms import AddressCodesForm, EndDevicesForm, NewAddressForm
from accounts.sessions.devices import end_all_sessions, end_sessions, session_key, stay_signed_in
from accounts.sessions.queries import signed_in_devices
from accounts.sessions.rate_limits import ADDRESS_CHANGE, RateLimit
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse

PENDING = "address_change"


def own_account(request: PortalRequest) -> User:
    """Return the person's own account; 404 for a shared account."""
    if not request.actor.is_personal:
        raise Http404
    return request.actor.user


@access()
@require_safe
def devices(request: PortalRequest) -> HttpResponse:
    user = own_account(request)
    listed = signed_in_devices(user, session_key(request), at=request.school.now)
    return render(request, "accounts/profile/devices.html", {"devices": listed, "user": user})


@access()
@require_POST
def devices_end(request: PortalRequest) -> HttpResponse:
    user, form = own_account(request), EndDevicesForm(request.POST)
    if not form.is_valid():
        return redirect("devices")
    if form.cleaned_data["others"]:
        sign_out_elsewhere(request, user)
        messages.success(request, _("You are signed out everywhere except here."))
        return redirect("devices")
    ended = end_sessions(user, [form.cleaned_data["device"]], by=request.actor)
    if ended:
        messages.success(request, _("That device is signed out."))
    return redirect("devices")


def sign_out_elsewhere(request: PortalRequest, user: User) -> None:
    """End every other session of the account.

    This one goes on under a new key.
    """
    key = session_key(request)
    end_all_sessions(user, by=request.actor, keep=key)
    stay_signed_in(request, user, key)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: PortalRequest) -> HttpResponse:
    user, pending = own_account(request), request.session.get(PENDING)
    if request.method == "POST" and "drop" in request.POST:
        request.session.pop(PENDING, None)
        messages.success(request, _("Your address stays as it is."))
        return redirect("devices")
    return confirm_address(request, user, pending) if pending else new_address(request, user)


def new_address(request: PortalRequest, user: User) -> HttpResponse:
    form = NewAddressForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        try:
            RateLimit((ADDRESS_CHANGE, user.pk)).acquire()
            begun = begin_address_change(user, form.cleaned_data["email"], at=request.school.now)
            request.session[PENDING] = begun
            return redirect("address")
        except RuleViolation as violation:
            refuse(form, violation)
    status = 422 if form.is_bound else 200
    return render(request, "accounts/profile/address.html", {"form": form, "user": user}, status=status)


def confirm_address(request: PortalRequest, user: User, pending: PendingChange) -> HttpResponse:
    form = AddressCodesForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        key = session_key(request)
        request.session[PENDING] = {**pending, "tries": pending["tries"] + 1}
        try:
            codes = form.cleaned_data
            finish_address_change(user, pending, **codes, by=request.actor, at=request.school.now, keep=key)
        except ChangeIsOver as violation:
            del request.session[PENDING]
            messages.error(request, violation.sentence)
            return redirect("address")
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            del request.session[PENDING]
            stay_signed_in(request, user, key)
            messages.success(request, _("Your e-mail address is changed."))
            return redirect("devices")
    known = {"form": form, "user": user, "new": pending["email"]}
    return render(request, "accounts/profile/address_codes.html", known, status=422 if form.is_bound else 200)
