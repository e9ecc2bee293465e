"""Pages about one's own account: the devices that are signed in, and the address."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.forms import EndDevicesForm
from accounts.models import User
from accounts.queries import signed_in_devices
from accounts.services import end_all_sessions, end_sessions, move_session


def own_account(request: HttpRequest) -> User:
    """The account of a person who signed in as themselves; a shared account's is nobody's own (404)."""
    if not request.actor.is_personal:
        raise Http404
    return request.actor.user


@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    user = own_account(request)
    listed = signed_in_devices(user, request.session.session_key, at=request.school.now)
    return render(request, "accounts/devices.html", {"devices": listed, "user": user})


@require_POST
def devices_end(request: HttpRequest) -> HttpResponse:
    user, form = own_account(request), EndDevicesForm(request.POST)
    if not form.is_valid():
        return redirect("devices")
    if form.cleaned_data["others"]:
        sign_out_elsewhere(request, user)
        messages.success(request, _("You are signed out everywhere but here."))
        return redirect("devices")
    ended = end_sessions(user, [form.cleaned_data["device"]], by=request.actor)
    if ended:
        messages.success(
            request, ngettext("That device is signed out.", "Those devices are signed out.", ended)
        )
    return redirect("devices")


def sign_out_elsewhere(request: HttpRequest, user: User) -> None:
    """Ends every other session of the account; this one goes on under a new key."""
    key = request.session.session_key
    end_all_sessions(user, by=request.actor, keep=key)
    stay_signed_in(request, user, key)


def stay_signed_in(request: HttpRequest, user: User, key: str) -> None:
    user.refresh_from_db()
    update_session_auth_hash(request, user)
    request.session.save()
    move_session(key, request.session.session_key)
