"""End a sign-in after an idle and a total time (A09).

Both moments are in the session and compared with the database's clock, so an older cookie opens nothing.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.gates import Opens, opens
from accounts.http import OpenRequest, account_of
from accounts.rules import has_ended
from accounts.sessions.devices import session_key, touch_session
from malpas.lib.htmx import go

Handler = Callable[[OpenRequest], HttpResponse]
SHARED = "shared_device"  # said on the page of the sign-in, and read when somebody is in
STEP = timedelta(minutes=3)  # a session is written at most this often; its idle time is counted from the last


def begin_life(request: OpenRequest, *, shared: bool, at: datetime) -> None:
    """Start the lifetime of a sign-in.

    On a shared device it also ends with the browser.
    """
    moment = at.isoformat()
    request.session["life"] = {"since": moment, "seen": moment, "shared": shared}
    request.session.set_expiry(0 if shared else settings.SESSION_COOKIE_AGE)


class SessionLifeMiddleware:
    """End a sign-in whose lifetime is over, and record its use."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: OpenRequest) -> HttpResponse:
        if request.actor and not request.actor.is_pupil and self.has_ended(request):
            request.keeps_drafts = not request.session["life"]["shared"]
            logout(request)
            request.actor = None
            messages.info(request, _("You were signed out, because nobody had used this device for a while."))
            if request.htmx:
                return go(request, redirect("account_login").url)
        response = self.get_response(request)
        if request.actor and not request.actor.is_pupil and request.user.is_authenticated:
            self.note(request)
        return response

    def has_ended(self, request: OpenRequest) -> bool:
        life = request.session.get("life") or {}
        return bool(life) and has_ended(life, account_of(request), request.school.now)

    def note(self, request: OpenRequest) -> None:
        life, now = request.session.get("life"), request.school.now
        if life is None:  # a session without a lifetime: it begins now
            request.session["life"] = {"since": now.isoformat(), "seen": now.isoformat(), "shared": False}
            return
        view = request.resolver_match.func if request.resolver_match else None
        if not opens(view, Opens.UNATTENDED) and now - datetime.fromisoformat(life["seen"]) >= STEP:
            request.session["life"] = life | {"seen": now.isoformat()}
            touch_session(session_key(request), at=now)
