"""Adapt allauth's sign-in to the school's limits.

Upper apps decide who may join.
"""

from hashlib import sha256

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import get_random_string

from accounts.allauth_internals import abandon_sign_in
from accounts.http import OpenRequest, portal_request
from accounts.models.devices import Device
from accounts.models.people import User
from accounts.parent_lock.lock import unlock
from accounts.sessions.alerts import alarm_of_guesses, notify_owner_of_guesses
from accounts.sessions.devices import note_device, note_session, session_key
from accounts.sessions.lifetime import SHARED, begin_life
from accounts.sessions.rate_limits import (
    SIGN_IN_ACCOUNT,
    SIGN_IN_ADDRESS,
    SIGN_IN_DEVICE,
    RateLimit,
    RateLimited,
    address_of,
)
from accounts.sessions.user_agent import describe
from accounts.sign_in.mfa import note_signed_in
from accounts.staff.departed import is_departed, refuse_departed
from accounts.staff.invitation_link import carried_invitation

COOKIE = "device"
PASSKEY_NEXT = "passkey_next"  # chosen at sign-up, made once the address is confirmed
COOKIE_SECONDS = 400 * 24 * 60 * 60  # the longest that browsers allow


def device_mark(request: OpenRequest) -> str:
    """Return the hash of the browser's own cookie, or ''."""
    cookie = request.COOKIES.get(COOKIE, "")
    return sha256(cookie.encode()).hexdigest() if cookie else ""


def sign_in_attempts(request: OpenRequest, email: str) -> RateLimit:
    """Return the limits of a sign-in: the account's, then the address's.

    A browser known to the account is counted by itself.
    """
    mark = device_mark(request)
    if mark and Device.objects.filter(user__email__iexact=email, mark=mark).exists():
        return RateLimit((SIGN_IN_DEVICE, f"{email}:{mark}"))
    return RateLimit((SIGN_IN_ACCOUNT, email), (SIGN_IN_ADDRESS, address_of(request)))


class SignInAdapter(DefaultAccountAdapter):
    def pre_authenticate(self, request: OpenRequest, **credentials: str) -> None:
        """Count the try before the password is checked (A01, A05).

        It takes equal time for every address.
        """
        email = credentials.get("email", "").lower()
        self.counted = sign_in_attempts(request, email)
        try:
            self.counted.acquire()
        except RateLimited:
            raise self.validation_error("too_many_login_attempts") from None

    def authentication_failed(self, request: OpenRequest, **credentials: str) -> None:
        """Notify the owner at the account limit, leaders at an IP limit."""
        if {SIGN_IN_ACCOUNT.name, SIGN_IN_DEVICE.name} & self.counted.filled:
            notify_owner_of_guesses(credentials.get("email", "").lower(), at=request.school.now)
        if SIGN_IN_ADDRESS.name in self.counted.filled:
            alarm_of_guesses(at=request.school.now)

    def authenticate(self, request: OpenRequest, **credentials: str) -> User | None:
        user = super().authenticate(request, **credentials)
        if user:
            self.counted.release()
        return user

    def _delete_login_attempts_cached_email(self, request: OpenRequest, **credentials: str) -> None:
        """Let somebody who reset their password sign in at once."""
        RateLimit((SIGN_IN_ACCOUNT, credentials["email"].lower())).forget()

    def set_password(self, user: User, password: str) -> None:
        """Write the password alone: a removal at the same moment stays (PA-9)."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def get_http_user_agent(self, request: OpenRequest) -> str:
        """Return 'Chrome, Android' for notices, and nothing else that the browser sends."""
        return ", ".join(filter(None, describe(request.headers.get("User-Agent", "")))) or "?"

    def brings_code(self, request: OpenRequest) -> bool:
        """Return whether this sign-in uses a joining code.

        That is another reason for the account.
        """
        return False

    def may_sign_up_with(self, request: OpenRequest, email: str) -> bool:
        """Return whether this address may sign up.

        A staff invitation only for its own.
        """
        invitation = carried_invitation(request)
        return invitation is not None and email.lower() == invitation.address.lower()

    def pre_login(self, request: OpenRequest, user: User, **kwargs) -> HttpResponse | None:
        """Refuse departed staff, and codes for an address since replaced."""
        if is_departed(user, request.school.now) and not self.brings_code(request):
            abandon_sign_in(request)
            refuse_departed(request)
            return redirect("account_login")
        email = kwargs.get("email")
        if email and email.lower() != (user.email or "").lower():
            abandon_sign_in(request)
            return redirect("account_login")
        return super().pre_login(request, user, **kwargs)

    def login(self, request: OpenRequest, user: User) -> None:
        shared = bool(request.session.pop(SHARED, False))
        super().login(request, user)
        note_signed_in(request, user)
        begin_life(request, shared=shared, at=request.school.now)
        unlock(
            portal_request(request), how="sign-in"
        )  # the one place where every way of signing in begins (PA-11)

    def post_login(self, request: OpenRequest, user: User, **kwargs) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        if request.session.pop(PASSKEY_NEXT, False) and not user.has_usable_password():
            response = redirect(f"{reverse('mfa_add_webauthn')}?joining=1")
        elif carried_invitation(request):
            response = redirect("staff_invitation")
        self.greet_device(request, response, user)
        return response

    def greet_device(self, request: OpenRequest, response: HttpResponse, user: User) -> None:
        """Notify the person of a new browser by mail (AU-6).

        The first is not reported.
        """
        shared = request.session["life"]["shared"]
        cookie = request.COOKIES.get(COOKIE) or get_random_string(32)
        mark = sha256(cookie.encode()).hexdigest()
        browser = describe(request.headers.get("User-Agent", ""))
        if note_device(user, mark=mark, browser=browser.family, shared=shared):
            known = {"user": user, "browser": browser, "timestamp": request.school.now}
            known["devices_url"] = f"{settings.PUBLIC_URL}{reverse('devices')}"
            self.send_mail("account/email/new_device", user.email, known)
        note_session(session_key(request), mark=mark, at=request.school.now)
        if not shared:
            response.set_cookie(
                COOKIE, cookie, COOKIE_SECONDS, httponly=True, samesite="Lax", secure=settings.HTTPS
            )
