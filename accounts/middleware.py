"""What every request passes: who acts, the wall around pupils, the opening of the school, the person at a
class account, the terms."""

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.enums import UserKind
from accounts.gates import Opens, opens
from accounts.http import OpenRequest, account_of
from accounts.models.school import School
from accounts.models.terms import TermsAcceptance
from accounts.parent_lock.lock import is_shared_view, is_unlocked
from accounts.rules import is_open_to, needs_mfa
from accounts.sessions.class_account_session import current_staff_member, require_staff_member, stepped_in
from accounts.sign_in.mfa import authenticators_of, has_mfa
from malpas.lib.htmx import go
from malpas.lib.uploads.serving import REVALIDATED

Handler = Callable[[OpenRequest], HttpResponse]


class PortalMiddleware:
    """Sets `request.school` (with the database's clock as `.now`) and `request.actor`."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: OpenRequest) -> HttpResponse:
        signed_in = request.user.is_authenticated
        request.school = (signed_in and account_of(request).school) or cast(
            School, SimpleLazyObject(School.objects.here)
        )
        request.actor = self.actor(request) if signed_in else None
        return self.get_response(request)

    def actor(self, request: OpenRequest) -> Actor:
        user = account_of(request)
        if user.kind == UserKind.CLASS:
            return Actor(user, current_staff_member(request, user))
        staff = getattr(user, "staff_member", None) if user.kind == UserKind.PERSON else None
        if staff and (
            staff.left_on or (staff.leaves_on and staff.has_left(localtime(request.school.now).date()))
        ):
            staff = None
        own = Actor(user, staff)
        return stepped_in(request, own) or own


class NoStoreMiddleware:
    """Pages of signed-in people stay in no cache, photos of stories only to be asked for again; signing out clears what the browser kept.

    A sign-in that ends by itself on one's own device leaves what was being typed (`keeps_drafts`): see `drafts.py`.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: OpenRequest) -> HttpResponse:
        was_in, was = request.user.is_authenticated, request.user.pk
        response = self.get_response(request)
        # A photo that a browser may keep it asks for before each use; everything else it forgets.
        if (was_in or request.user.is_authenticated) and response.get("Cache-Control") != REVALIDATED:
            response["Cache-Control"] = "private, no-store"
        if was_in and request.user.pk != was:  # signed out, or another in their place
            stay = getattr(request, "keeps_drafts", False)
            response["Clear-Site-Data"] = '"cache"' if stay else '"cache", "storage"'
        patch_vary_headers(response, ["HX-Request"])
        return response


class _Gate:
    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: OpenRequest) -> HttpResponse:
        return self.get_response(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """Nothing opens without a sign-in but what says so. A part that an open page asks for moves the whole page there,
    so that a form for signing in never stands in the middle of a conversation (A21, F35)."""

    def handle_no_permission(  # type: ignore[override]  # not only a redirect
        self, request: OpenRequest, view_func: Callable
    ) -> HttpResponse:
        answer = super().handle_no_permission(request, view_func)
        if not request.htmx:
            return answer
        page = request.htmx.current_url_abs_path or ""
        return go(request, redirect_to_login(page, self.get_login_url(view_func)).url)


class PupilWallMiddleware(_Gate):
    """A pupil reaches their own page and nothing else: every other address does not exist (PU-4)."""

    def process_view(self, request, view, args, kwargs) -> None:
        actor = request.actor
        if actor and actor.is_pupil and not opens(view, Opens.TO_PUPILS):
            raise Http404


class OpeningMiddleware(_Gate):
    """Nothing opens for anybody but leaders before the school has published its terms (PA-3)."""

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        actor = request.actor
        if not actor or opens(view, Opens.BEFORE_OPENING):
            return None
        if is_open_to(actor, terms_number=request.school.terms_number):
            return None
        return go(request, redirect("not_open").url)


class MfaMiddleware(_Gate):
    """Nothing of office, leaders and safeguarding lead opens without their second factor (AU-6, A11).

    Who has none sets one up first. Who has one and did not use it here begins the sign-in anew: what was opened
    with a password alone before there was a factor does not become more by waiting.
    """

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        actor = request.actor
        if not self.is_asked(actor) or opens(view, Opens.BEFORE_STAFF_CHOICE) or has_mfa(request):
            return None
        if not actor.own and not authenticators_of(actor.user):
            # Whose browser is locked unlocks first: that page shows nothing of anybody's.
            locked = is_shared_view(request) or (actor.is_parent and not is_unlocked(request))
            unlocks = locked and opens(view, Opens.TO_ANYBODY)
            return None if unlocks or opens(view, Opens.MFA_SETUP) else go(request, redirect("mfa_setup").url)
        logout(request)
        request.actor = None
        messages.info(request, _("Please sign in again, with your second step."))
        return go(request, redirect("account_login").url)

    def is_asked(self, actor: Actor | None) -> bool:
        """By role; and whoever stepped into a class from an account of their own, as long as they are there."""
        if actor is None:
            return False
        return actor.own is not None or (actor.is_personal and needs_mfa(actor.staff))


class WhoMiddleware(_Gate):
    """Nothing of a class account opens before somebody said who they are (TE-2)."""

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        return require_staff_member(request, view)


class TermsMiddleware(_Gate):
    """Nothing but the terms, sign-out and help is reachable until the current version is accepted (PA-3)."""

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        actor = request.actor
        if not actor or actor.is_pupil or opens(view, Opens.BEFORE_TERMS):
            return None
        current = request.school.terms_number
        if current is None or self.accepted(request, actor, current):
            return None
        return go(request, redirect("terms").url)

    def accepted(self, request: OpenRequest, actor: Actor, number: int) -> bool:
        mark = [actor.staff.pk if actor.staff else None, number]
        if request.session.get("terms") == mark:
            return True
        found = TermsAcceptance.objects.of(actor).filter(version__number=number).exists()
        if found:
            request.session["terms"] = mark
        return found
