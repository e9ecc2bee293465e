"""Lock a parent's pages, and offer the shared view (PA-11, PU-5, AU-3).

Every page of a parent is locked unless it declares `Opens.WHILE_LOCKED`. For office and leaders with a child
here only pages that declare `Opens.FOR_FAMILIES` are locked; their work stays open behind mfa and the shorter
sign-in of staff. Signing in unlocks; ten minutes without using a locked page lock it again. The shared view is
a mark in the session: until the parent unlocks, only `Opens.IN_SHARED_VIEW` opens.
"""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.crypto import get_random_string

from accounts.actor import Actor, actor_of
from accounts.drafts.saved_forms import SAVE_ONLY, discard_form, save_form
from accounts.gates import Opens, opens
from accounts.http import OpenRequest, PortalRequest
from accounts.sessions.devices import move_session, session_key
from accounts.sessions.idle_lock import IdleLock, leave_page

COVERED = (
    "covered"  # a cookie that changes when the browser is locked, so that its other tabs ask the server again
)
HOW, SHARED_VIEW = "parent_lock_how", "shared_view"  # keys in the session
IDLE_LOCK = IdleLock("parent_lock_seen", idle="PARENT_LOCK_IDLE_SECONDS", step=30)
PIN = "pin"


def is_locked_page(actor: Actor, view: Callable) -> bool:
    """Return whether the parent lock stands before this page for this actor (PA-11)."""
    if not actor.is_parent or opens(view, Opens.WHILE_LOCKED):
        return False
    return opens(view, Opens.FOR_FAMILIES) or not actor.runs_the_school


def is_shared_view(request: HttpRequest) -> bool:
    """Return whether a child reads along, so that nothing else opens (AU-3)."""
    return SHARED_VIEW in request.session


def is_unlocked(request: OpenRequest) -> bool:
    """Return whether the parent unlocked, and was active lately.

    Active is the use of a locked page within the last ten minutes.
    """
    return not is_shared_view(request) and IDLE_LOCK.is_open(request.session, at=request.school.now)


def opened_by_pin(request: PortalRequest) -> bool:
    return request.session.get(HOW, {}).get("how") == PIN


def unlocked_at(request: PortalRequest) -> datetime | None:
    """Return when this browser was last unlocked (UTC).

    Older saved forms belong to an earlier lock.
    """
    moment = request.session.get(HOW, {}).get("at")
    return datetime.fromisoformat(moment) if moment else None


def unlock(request: PortalRequest, *, how: str) -> None:
    """Unlock this browser and end the shared view.

    `how`: sign-in, pin, password, code or passkey.
    """
    now = request.school.now
    request.session.pop(SHARED_VIEW, None)
    request.session[HOW] = {"how": how, "at": now.isoformat()}
    IDLE_LOCK.open(request.session, at=now)
    _renew(request)


def lock(request: PortalRequest) -> None:
    IDLE_LOCK.close(request.session)
    request.covered = get_random_string(12)
    _renew(request)


def start_shared_view(request: PortalRequest) -> None:
    """Lock, and mark the session under a new key.

    So no pending response removes the mark.
    """
    request.session[SHARED_VIEW] = request.school.now.isoformat()
    lock(request)


def _renew(request: PortalRequest) -> None:
    before = request.session.session_key
    request.session.cycle_key()
    if before:
        move_session(before, session_key(request))


def lock_address(back: str) -> str:
    return f"{reverse('parent_lock')}?{urlencode({'next': back})}" if back else reverse("parent_lock")


def _view_of(path: str) -> Callable | None:
    try:
        return resolve(urlsplit(path).path).func
    except Resolver404:
        return None


class ParentLockMiddleware:
    """Send a locked parent to the unlock page."""

    def __init__(self, get_response: Callable[[PortalRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        response = self.get_response(request)
        if mark := getattr(request, "covered", ""):
            response.set_cookie(COVERED, mark, samesite="Lax", secure=settings.HTTPS)
        return response

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        actor = actor_of(request)
        if actor is None or not actor.is_personal:
            return None
        if is_shared_view(request):
            return self.process_shared_view(request, actor, view)
        if not is_locked_page(actor, view):
            return None
        if is_unlocked(request) and SAVE_ONLY not in request.POST:
            self.note_use(request)
            return None
        if SAVE_ONLY in request.POST:
            IDLE_LOCK.close(request.session)
        return self.redirect_to_unlock(request, view, Opens.WHILE_LOCKED)

    def process_shared_view(
        self, request: PortalRequest, actor: Actor, view: Callable
    ) -> HttpResponse | None:
        """Open only the shared view, whatever other role the parent has (AU-3)."""
        if not opens(view, Opens.IN_SHARED_VIEW):
            return self.redirect_to_unlock(request, view, Opens.IN_SHARED_VIEW)
        if not opens(view, Opens.TO_ANYBODY):
            request.actor = actor.as_parent()
        return None

    def note_use(self, request: PortalRequest) -> None:
        """Count the idle time from now.

        Requests that a page makes by itself do not.
        """
        if request.htmx:
            return
        IDLE_LOCK.note_use(request.session, at=request.school.now)
        if request.method == "POST":
            discard_form(request, request.actor, request.path, request.school.now)

    def redirect_to_unlock(self, request: PortalRequest, view: Callable, opened: Opens) -> HttpResponse:
        """Redirect to the unlock page.

        A POST is saved and not carried out.
        """
        if request.htmx:
            return self.answer_fragment(request, opened)
        if request.method == "POST":
            save_form(request, view, owner=request.actor, at=request.school.now)
        return redirect(lock_address(self.back(request, view)))

    def answer_fragment(self, request: PortalRequest, opened: Opens) -> HttpResponse:
        """Answer a part of a page.

        An open page stays, a locked one is left by its script.
        """
        page = request.htmx.current_url_abs_path or ""
        if opens(_view_of(page), opened):
            return HttpResponse(status=204)
        to = lock_address(page)
        return leave_page(render(request, "accounts/parent_lock/_locked.html", {"to": to}), to)

    def back(self, request: PortalRequest, view: Callable) -> str:
        """Return the page to come back to.

        Never an address that only takes POST.
        """
        if request.method != "POST" or getattr(view, "restores_form", False):
            return request.get_full_path()
        came = urlsplit(request.headers.get("Referer", ""))
        return f"{came.path}?{came.query}".rstrip("?") if came.netloc == request.get_host() else ""
