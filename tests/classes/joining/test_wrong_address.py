"""The page of the code at sign-up: sent again, and to another address."""

import re
from dataclasses import replace

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models.notifications import Delivery
from accounts.models.people import User
from accounts.sessions import rate_limits
from accounts.sign_up import services
from classes.joining.invitations import withdraw_invitation
from classes.models.guardianships import Guardianship
from tests.clock import at
from tests.people import PASSWORD

PAGE, SLIP, MEANT = "/account/confirm-email/", "wynn@famly.example", "wyn@family.example"
NOW = at("2026-11-10 10:00")


@pytest.fixture
def begun(people, make_guardianship, invite):
    """A browser on the page of the code; its sign-up was made with `email`."""

    def begin(email=SLIP, **choices) -> Client:
        guardianship = Guardianship.objects.filter(joined_at=None).first() or make_guardianship()
        _invitation, code = invite(guardianship)
        browser = Client()
        browser.post("/join/", {"code": code, "date_of_birth": "04/05/2018"})
        browser.post("/account/signup/", {"email": email, "password1": PASSWORD, **choices})
        return browser

    return begin


def codes_to(address) -> list[str]:
    mails = Delivery.objects.filter(address=address).order_by("pk").values_list("body", flat=True)
    found = [re.search(r"^([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})$", body, re.MULTILINE) for body in mails]
    return [code.group(1) for code in found if code]


def send_again(browser):
    return browser.post(PAGE, {"action": "resend"}, follow=True)


def change(browser, email=MEANT, **more):
    return browser.post(PAGE, {"action": "change", "email": email}, **more)


@pytest.mark.policy("AU-2")
def test_the_same_code_is_sent_again_and_opens(begun):
    browser = begun(MEANT)
    assert send_again(browser).redirect_chain == [(PAGE, 302)]
    first, second = codes_to(MEANT)
    assert first == second
    assert browser.post(PAGE, {"code": first}).headers["Location"] == "/"


def test_asking_again_within_the_minute_says_so_and_sends_nothing(begun):
    browser = begun(MEANT)
    send_again(browser)
    answer = send_again(browser)
    assert answer.status_code == 200
    assert str(services.SentJustNow.sentence) in answer.content.decode()
    assert len(codes_to(MEANT)) == 2


def test_one_address_gets_no_mail_without_end(begun, monkeypatch):
    monkeypatch.setattr(services, "SEND_AGAIN", replace(rate_limits.SEND_AGAIN, amount=50))
    monkeypatch.setattr(services, "SEND_AGAIN_MOST", replace(rate_limits.SEND_AGAIN_MOST, amount=3))
    browser = begun(MEANT)
    for _turn in range(6):
        send_again(browser)
    assert len(codes_to(MEANT)) == 4


@pytest.mark.policy("AU-2")
@pytest.mark.policy("PA-1")
def test_another_address_gets_a_new_code_and_joins(people, begun):
    browser = begun(SLIP)
    user = User.objects.get(email=SLIP)
    (slip,) = codes_to(SLIP)
    assert change(browser).headers["Location"] == PAGE
    (code,) = codes_to(MEANT)
    user.refresh_from_db()
    assert user.email == MEANT and user.check_password(PASSWORD) and code != slip
    assert browser.post(PAGE, {"code": slip}).status_code == 200
    assert not Guardianship.objects.live().filter(contact__user=user).exists()
    assert browser.post(PAGE, {"code": code}).headers["Location"] == "/"
    assert Guardianship.objects.live().filter(contact__user=user, pupil=people.efa).exists()
    assert list(EmailAddress.objects.filter(user=user).values_list("email", "verified")) == [(MEANT, True)]


def test_the_unsent_mail_to_the_first_address_is_cancelled(begun):
    browser = begun(SLIP)
    assert Delivery.objects.get(address=SLIP).state == "pending"
    change(browser)
    mail = Delivery.objects.get(address=SLIP)
    assert (mail.state, mail.body) == ("cancelled", "")


@pytest.mark.parametrize(
    "email", ["", "x", SLIP, SLIP.upper(), "a" * 300 + "@x.example", "\x00@family.example", "a b@c.d"]
)
def test_an_address_that_is_none_gets_a_sentence_and_stays(begun, email):
    browser = begun(SLIP)
    answer = change(browser, email)
    assert answer.status_code == 422 and b'name="code"' in answer.content
    assert User.objects.filter(email=SLIP).exists() and codes_to(SLIP)


@pytest.mark.policy("AU-6")
def test_every_address_in_use_gets_the_same_answers(people, begun):
    """Whoever types another parent's address learns nothing, and the slip is put right all the same."""
    taken = people.dylan.email
    browser = begun(taken)
    page = browser.get(PAGE).content.decode()
    assert 'value="resend"' in page and 'value="change"' in page
    send_again(browser)
    assert Delivery.objects.filter(address=taken).count() == 1 and not codes_to(taken)
    assert change(browser).headers["Location"] == PAGE
    user = User.objects.get(email=MEANT)
    assert user.check_password(PASSWORD) and user.name == "Ŵyn Ŷstrad"
    (code,) = codes_to(MEANT)
    assert browser.post(PAGE, {"code": code}).headers["Location"] == "/"
    assert Guardianship.objects.live().filter(contact__user=user, pupil=people.efa).exists()


@pytest.mark.policy("AU-6")
def test_changing_to_an_address_in_use_makes_nothing_and_may_be_put_right(people, begun):
    browser = begun(SLIP)
    user = User.objects.get(email=SLIP)
    assert change(browser, people.dylan.email).headers["Location"] == PAGE
    user.refresh_from_db()
    assert user.email == SLIP and not codes_to(people.dylan.email)
    assert User.objects.filter(email__iexact=people.dylan.email).count() == 1
    assert browser.post(PAGE, {"code": codes_to(SLIP)[0]}).status_code != 302
    change(browser)
    assert browser.post(PAGE, {"code": codes_to(MEANT)[0]}).headers["Location"] == "/"


def test_somebody_without_a_password_stays_without_one(people, begun):
    browser = begun(people.dylan.email, way="code", password1="")
    change(browser)
    assert not User.objects.get(email=MEANT).has_usable_password()


def test_addresses_are_not_tried_without_end(begun, monkeypatch):
    monkeypatch.setattr(services, "ANOTHER_ADDRESS", replace(rate_limits.ANOTHER_ADDRESS, amount=3))
    browser = begun(SLIP)
    answers = [change(browser, f"a{number}@family.example").status_code for number in range(5)]
    assert answers == [302, 302, 302, 422, 422]
    assert not codes_to("a4@family.example")


def test_a_code_withdrawn_meanwhile_makes_no_account(people, begun):
    browser = begun(people.dylan.email)
    guardianship = Guardianship.objects.get(contact__surname="Ŷstrad")
    withdraw_invitation(guardianship=guardianship, by=people.actor(people.office), at=NOW)
    change(browser)
    assert not User.objects.filter(email=MEANT).exists()


@pytest.mark.parametrize("action", ["resend", "change"])
def test_a_browser_without_a_sign_up_is_led_away(people, action):
    for browser in (Client(), people.client(people.nia)):
        answer = browser.post(PAGE, {"action": action, "email": MEANT})
        assert answer.status_code == 302
    people.nia.refresh_from_db()
    assert people.nia.email != MEANT and not Delivery.objects.filter(address=MEANT).exists()


def test_the_password_belongs_to_its_answer_and_is_not_called_optional(people, make_guardianship, invite):
    _invitation, code = invite(make_guardianship())
    browser = Client()
    browser.post("/join/", {"code": code, "date_of_birth": "04/05/2018"})
    page = browser.get("/account/signup/").content.decode()
    assert 'name="password1"' in page and "field__optional" not in page
    assert re.search(r'value="password" data-opens', page)


def test_the_first_address_again_after_one_that_is_taken_opens(people, begun):
    browser = begun(MEANT)
    change(browser, people.gareth.email)
    change(browser, MEANT)
    code = codes_to(MEANT)[-1]
    assert browser.post(PAGE, {"code": code}).headers["Location"] == "/"


def test_a_second_tap_on_change_leaves_a_code_that_opens(people, begun):
    browser = begun(SLIP)
    change(browser)
    change(browser)
    assert browser.post(PAGE, {"code": codes_to(MEANT)[-1]}).headers["Location"] == "/"
