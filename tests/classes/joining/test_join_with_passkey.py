"""Test joining with a passkey chosen at sign-up (AU-2, AU-6)."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models.people import User
from tests.classes.joining.test_join_without_password import EMAIL, SIGNUP, confirmation, invited
from tests.people import PASSWORD

CONFIRM, MAKE = "/account/confirm-email/", "/account/passkeys/add/?joining=1"
__all__ = ["invited"]


def at_home(browser: Client) -> Client:
    """Serve under a host name that browsers allow passkeys for."""
    browser.defaults["HTTP_HOST"] = "localhost"
    return browser


pytestmark = pytest.mark.usefixtures("no_counts")


@pytest.mark.policy("AU-2")
def test_a_chosen_passkey_is_made_once_the_address_is_confirmed(people, invited):
    browser = at_home(invited)
    assert "With a passkey" in browser.get(SIGNUP).content.decode()
    browser.post(SIGNUP, {"email": EMAIL, "way": "passkey", "password1": "12"})
    made = User.objects.get(email=EMAIL)
    assert not made.has_usable_password()
    assert not EmailAddress.objects.filter(user=made, verified=True).exists()
    assert browser.post(CONFIRM, {"code": confirmation()}).url == MAKE
    page = browser.get(MAKE).content.decode()
    assert 'name="joining"' in page and "Later" in page


def test_nothing_is_made_before_the_address_is_confirmed(people, invited):
    browser = at_home(invited)
    browser.post(SIGNUP, {"email": EMAIL, "way": "passkey"})
    assert browser.get(MAKE).url.startswith("/account/login/")


def test_at_a_bare_address_it_is_not_offered(people, invited):
    invited.defaults["HTTP_HOST"] = "127.0.0.1"
    assert "With a passkey" not in invited.get(SIGNUP).content.decode()
    assert invited.post(SIGNUP, {"email": EMAIL, "way": "passkey"}).status_code in (200, 422)
    assert not User.objects.filter(email=EMAIL).exists()


def test_choosing_a_password_skips_the_passkey_page(people, invited):
    browser = at_home(invited)
    browser.post(SIGNUP, {"email": EMAIL, "way": "password", "password1": PASSWORD})
    assert browser.post(CONFIRM, {"code": confirmation()}).url == "/"
