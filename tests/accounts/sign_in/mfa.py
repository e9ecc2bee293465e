"""Helpers of the mfa tests: a leader, a browser, codes."""

import time

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts.allauth_internals import add_recovery_codes, totp_code
from accounts.models.people import StaffMember, User
from accounts.models.terms import TermsAcceptance
from tests.people import BACKEND, PASSWORD, SECRET, give_authenticator

STEP = "/account/second-step/"
HASH = make_password(PASSWORD)


def give_password(user: User) -> User:
    if user.password != HASH:  # a new password signs everybody out
        user.password = HASH
        user.save(update_fields=["password"])
    return user


def agreed(people, staff: StaffMember) -> None:
    TermsAcceptance.objects.get_or_create(user=staff.user, staff=staff, version=people.terms)


def code(shift: int = 0, secret: str = SECRET) -> str:
    """Return the authenticator's code now, or `shift` half minutes later."""
    return totp_code(secret, int(time.time()) // 30 + shift)


def wrong_code(secret: str = SECRET) -> str:
    right = {code(shift, secret) for shift in (-2, -1, 0, 1, 2)}
    return next(f"{n:06}" for n in range(9) if f"{n:06}" not in right)


def give_codes(user: User) -> list[str]:
    give_authenticator(user)
    return add_recovery_codes(user)


def at_mfa_page(user: User) -> Client:
    """Return a browser in which the password was right."""
    give_password(user)
    give_authenticator(user)
    browser = Client()
    answer = browser.post("/account/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302 and answer.url == STEP, answer
    return browser


def without_mfa(user: User) -> Client:
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    return browser


def authenticators(user: User) -> list[str]:
    return sorted(Authenticator.objects.filter(user=user).values_list("type", flat=True))
