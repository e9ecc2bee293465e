"""The one module that uses what allauth keeps to itself.

allauth may change these in any release. `tests/accounts/test_allauth_internals.py` calls each for real and says which
one has changed.
"""

from collections.abc import Callable, Iterator
from typing import Any

from allauth.account.internal.flows import login
from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess as SignUpCode
from allauth.account.internal.stagekit import clear_login, get_pending_stage
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.internal.flows.add import redirect_if_add_not_allowed
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.socialaccount.adapter import _build_apps_from_settings
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.response import HttpResponseBase

__all__ = ["SignUpCode"]  # as it is: the state of a sign-up, with `email` and `user`

View = Callable[..., HttpResponseBase]


def record_authentication(
    request: HttpRequest, user: AbstractBaseUser | AnonymousUser, method: str, **details: object
) -> None:
    """Note in the session how this person proved who they are.

    `reauthenticated=True` spares them the next re-authentication.
    """
    login.record_authentication(request, user, method, **details)


def abandon_sign_in(request: HttpRequest) -> None:
    """Remove from the session a sign-in that was begun, with its proofs."""
    clear_login(request)


def sign_up_code(request: HttpRequest) -> SignUpCode | None:
    """Return the code that this browser's sign-up waits for, or None where none was begun or it is over.

    `user` is None where the address has an account already: then nothing was made, and no code was mailed.
    """
    code = None if request.user.is_authenticated else SignUpCode.resume(request)
    return code if code and (code.user is None or get_pending_stage(request)) else None


def send_sign_up_code_again(code: SignUpCode) -> None:
    """Mail the same code once more; its time begins anew, its tries do not."""
    code.state["at"] = code.initial_state(None)["at"]
    code.send(skip_enumeration_mails=True)
    code.persist()


def send_sign_up_code_to(code: SignUpCode, email: str, *, taken: bool) -> None:
    """Mail a new code to another address; to one that is `taken`, the mail that says so."""
    code.generate_code()
    code.state |= {"at": code.initial_state(None)["at"], "email": email, "account_already_exists": taken}
    code.send()
    code.persist()


def requires_confirmed_address(view: View) -> View:
    """Decorate a view that adds mfa: it opens with a confirmed address only."""
    return redirect_if_add_not_allowed(view)


def totp_steps_now() -> Iterator[int]:
    """Return the half minutes whose codes are accepted now, oldest first."""
    return totp.yield_hotp_counters_from_time()


def totp_code(secret: str, step: int) -> str:
    """Return the six digits that an authenticator app shows in this step."""
    return totp.format_hotp_value(totp.hotp_value(secret, step))


def is_code(typed: str, right: str) -> bool:
    """Return whether the codes are the same, but for spaces, dashes and case."""
    return compare_user_code(actual=typed, expected=right)


def add_authenticator_app(user: AbstractBaseUser, secret: str) -> Authenticator:
    """Give the account an authenticator app with this secret."""
    return totp.TOTP.activate(user, secret).instance


def add_recovery_codes(user: AbstractBaseUser) -> list[str]:
    """Give the account recovery codes, or return the unused ones it has."""
    return RecoveryCodes.activate(user).get_unused_codes()


def begin_passkey(user: AbstractBaseUser) -> dict[str, Any]:
    """Return the browser's options for a passkey that signs in by itself.

    The challenge is kept in the session of allauth's current request; an earlier one ends.
    """
    return webauthn.begin_registration(user, passwordless=True)


def read_id_token(token: str, *, keys_url: str, issuer: str, audience: str) -> dict[str, Any]:
    """Return the claims of a signed token that is used for the first time.

    Raises OAuth2Error for a wrong signature, issuer, audience or time, and for a used token.
    """
    return jwtkit.verify_and_decode(
        credential=token,
        keys_url=keys_url,
        issuer=issuer,
        audience=audience,
        lookup_kid=jwtkit.lookup_kid_jwk,
    )


def providers_in_settings(provider: str | None, client_id: str | None) -> list[SocialApp]:
    """Return the providers that the settings name, without asking the database."""
    found = _build_apps_from_settings(provider=provider, client_id=client_id)
    return [app for apps in found.values() for app in apps]
