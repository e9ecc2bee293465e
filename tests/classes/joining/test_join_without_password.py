"""Test joining without a password, with a mailed code at each sign-in."""

import re

import pytest
from django.test import Client

from accounts.models.notifications import Delivery
from accounts.models.people import User
from accounts.models.terms import TermsAcceptance
from classes.models.guardianships import Guardianship
from tests.accounts.sign_in.test_sign_in_by_code import ask, is_in, mailed_code
from tests.classes.joining.test_pages import EMAIL, enter
from tests.classes.joining.test_pages import mailed_code as confirmation
from tests.people import PASSWORD
from tests.sentences.accounts import NO_PASSWORD_YET, PASSWORD_OR_CODE

SIGNUP = "/account/signup/"

pytestmark = pytest.mark.usefixtures("no_counts")


@pytest.fixture
def invited(people, make_guardianship, invite) -> Client:
    _invitation, code = invite(make_guardianship())
    browser = Client()
    enter(browser, code)
    return browser


def joined(browser: Client) -> User:
    browser.post(SIGNUP, {"email": EMAIL, "way": "code"})
    browser.post("/account/confirm-email/", {"code": confirmation()})
    return User.objects.get(email=EMAIL)


@pytest.mark.policy("PA-1")
def test_a_parent_joins_without_a_password(people, invited):
    user = joined(invited)
    assert Guardianship.objects.live().filter(contact__user=user, pupil=people.efa).exists()
    assert not user.has_usable_password()
    browser = ask(EMAIL)
    browser.post("/account/login/code/confirm/", {"code": mailed_code(EMAIL)})
    assert is_in(browser)


def test_a_password_typed_beside_the_choice_of_a_code_is_dropped(invited):
    invited.post(SIGNUP, {"email": EMAIL, "way": "code", "password1": "12"})
    assert not User.objects.get(email=EMAIL).has_usable_password()


@pytest.mark.parametrize("sent", [{}, {"way": "password"}, {"way": "password", "password1": ""}])
def test_choosing_neither_shows_the_form_again(invited, sent):
    page = invited.post(SIGNUP, {"email": EMAIL} | sent)
    assert PASSWORD_OR_CODE in page.content.decode()
    assert not User.objects.filter(email=EMAIL).exists()


def test_nobody_guesses_the_password_that_is_none(invited):
    joined(invited)
    for password in ("", "!", "None"):
        assert Client().post("/account/login/", {"login": EMAIL, "password": password}).status_code == 200


def test_an_interrupted_sign_up_resumes_by_a_mailed_code(people, invited):
    invited.post(SIGNUP, {"email": EMAIL, "way": "code"})
    browser = ask(EMAIL)
    browser.post("/account/login/code/confirm/", {"code": mailed_code(EMAIL)})
    assert is_in(browser)
    assert Guardianship.objects.live().filter(contact__user__email=EMAIL, pupil=people.efa).exists()


def test_a_password_can_be_had_later_by_a_link(people, invited):
    user = joined(invited)
    TermsAcceptance.objects.create(user=user, version=people.terms)
    page = invited.get("/account/password/change/", follow=True).content.decode()
    assert NO_PASSWORD_YET in page and f'value="{EMAIL}"' in page
    invited.post("/account/password/reset/", {"email": EMAIL})
    path = re.search(r"/account/password/reset/key/\S+", Delivery.objects.latest("pk").body).group(0)
    browser = Client()
    where = browser.get(path, follow=True).redirect_chain[-1][0]
    browser.post(where, {"password1": PASSWORD})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
