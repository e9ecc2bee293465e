import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models.notifications import Delivery
from accounts.models.people import User
from accounts.models.terms import TermsAcceptance
from tests.clock import at
from tests.people import BACKEND, PASSWORD, make_user, unlock_in
from tests.sentences.accounts import NO_ACCOUNT_WITH_THIS_EMAIL
from tests.sentences.portal import SEND_THE_CODE_AGAIN

ASK, CONFIRM = "/account/login/code/", "/account/login/code/confirm/"

pytestmark = pytest.mark.usefixtures("no_counts")


def ask(email: str, browser: Client | None = None, remember: str = "true") -> Client:
    browser = browser or Client()
    answer = browser.post(ASK, {"email": email, "remember": remember})
    assert answer.status_code == 302, answer.content.decode()
    assert answer.headers["Location"] == CONFIRM
    return browser


def mailed_code(email: str) -> str:
    body = Delivery.objects.filter(address=email).latest("pk").body
    return re.search(r"^([A-Z0-9]{4}-[A-Z0-9]{4})$", body, re.MULTILINE).group(1)


def is_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def test_the_sign_in_page_offers_a_code(people):
    assert ASK in Client().get("/account/login/").content.decode()


@pytest.mark.policy("AU-6")
def test_a_mailed_code_signs_a_parent_in_once(people):
    browser = ask(people.nia.email)
    code = mailed_code(people.nia.email)
    assert "e-mail to nia@family.example" in browser.get(CONFIRM).content.decode()
    assert browser.post(CONFIRM, {"code": code.lower()}).headers["Location"] == "/"
    assert is_in(browser)
    other = ask(people.nia.email)
    other.post(CONFIRM, {"code": code})
    assert not is_in(other)


AS_PASTED = {
    "an en dash": lambda code: code.replace("-", "\u2013"),
    "a dash that does not break": lambda code: code.replace("-", "\u2011"),
    "a space that does not break": lambda code: code.replace("-", "\u00a0"),
    "a space of no width": lambda code: f"\u200b{code}\ufeff",
    "wide letters": lambda code: "".join(chr(ord(sign) + 0xFEE0) for sign in code),
    "small letters and spaces": lambda code: " ".join(code.lower()),
}


@pytest.mark.parametrize("pasted", AS_PASTED.values(), ids=list(AS_PASTED))
def test_a_code_opens_however_a_telephone_pastes_it(people, pasted):
    browser = ask(people.nia.email)
    assert browser.post(CONFIRM, {"code": pasted(mailed_code(people.nia.email))}).headers["Location"] == "/"
    assert is_in(browser)


@pytest.mark.parametrize("signs", ["", "-", "\u200b", "\u2013\u2011"])
def test_signs_that_are_no_code_open_nothing(people, signs):
    browser = ask(people.nia.email)
    browser.post(CONFIRM, {"code": signs})
    assert not is_in(browser)


def two_tabs(path: str) -> tuple[Client, dict[str, str]]:
    """Return a browser that checks tokens, and what its form at `path` holds besides."""
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(path).content.decode()
    return browser, {"csrfmiddlewaretoken": re.search(r'csrfmiddlewaretoken" value="(\w+)"', page).group(1)}


@pytest.mark.parametrize("path", ["/account/login/", ASK])
def test_a_second_tab_at_the_sign_in_leads_home(people, path):
    browser, shown = two_tabs(path)
    known = {"email": people.nia.email, "remember": "on"}
    browser.force_login(people.nia, backend=BACKEND)
    browser.cookies["csrftoken"] = "a" * 32  # signing in has changed it
    answer = browser.post(path, shown | known)
    assert (answer.status_code, answer.url) == (302, "/")
    assert browser.post(path, shown | known, headers={"HX-Request": "true"}).status_code == 403
    assert browser.post("/account/logout/", shown).status_code == 403
    assert is_in(browser)


def test_a_second_tab_at_the_letters_code_asks_for_it_again(people):
    browser, shown = two_tabs("/join/")
    browser.force_login(people.nia, backend=BACKEND)
    browser.cookies["csrftoken"] = "a" * 32
    assert browser.post("/join/", shown | {"code": "K7QM"}).url == "/join/"
    TermsAcceptance.objects.create(user=people.nia, version=people.terms)
    unlock_in(browser)
    assert SEND_THE_CODE_AGAIN in browser.get("/join/").content.decode()


def test_a_strange_page_signs_nobody_in_without_a_token(people):
    browser = Client(enforce_csrf_checks=True)
    assert browser.post("/account/login/", {"login": people.nia.email}).status_code == 403


def test_a_code_works_only_in_the_browser_that_asked_for_it(people):
    ask(people.nia.email)
    other = ask(people.dylan.email)
    other.post(CONFIRM, {"code": mailed_code(people.nia.email)})
    assert not is_in(other)


def test_three_wrong_codes_end_it(people):
    browser = ask(people.nia.email)
    code = mailed_code(people.nia.email)
    for _n in range(3):
        browser.post(CONFIRM, {"code": "WRNG-CODE"})
    browser.post(CONFIRM, {"code": code})
    assert not is_in(browser)


def test_a_code_ends_after_a_quarter_of_an_hour(people, monkeypatch):
    import time

    browser = ask(people.nia.email)
    later = time.time() + 15 * 60 + 1
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: later)
        browser.post(CONFIRM, {"code": mailed_code(people.nia.email)})
    assert not is_in(browser)


def test_a_new_code_can_be_asked_for_and_ends_the_old(people):
    browser = ask(people.nia.email)
    old = mailed_code(people.nia.email)
    browser.post(CONFIRM, {"action": "resend"})
    browser.post(CONFIRM, {"code": old})
    assert not is_in(browser)
    browser.post(CONFIRM, {"code": mailed_code(people.nia.email)})
    assert is_in(browser)


def plain(answer, *typed: str) -> str:
    text = re.sub(r'csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "[^"]+"', "", answer.content.decode())
    for word in typed:
        text = text.replace(word, "")
    return text


@pytest.mark.policy("AU-6")
def test_A05_known_and_unknown_address_get_one_mail_each(people):
    make_user("Closed", "closed@family.example", is_active=False)
    seen = set()
    emails = [people.nia.email, "nobody@family.example", people.kai.email, people.celyn.account.email]
    for email in [*emails, "closed@family.example"]:
        before, browser = Delivery.objects.count(), ask(email)
        page = browser.get(CONFIRM)
        wrong = browser.post(CONFIRM, {"code": "WRNG-CODE"})
        seen.add((page.status_code, plain(page, email), wrong.status_code, plain(wrong, email)))
        assert Delivery.objects.count() == before + 1, email
        assert Delivery.objects.latest("pk").address == email
    assert len(seen) == 1


def test_only_persons_who_are_in_get_a_code(people):
    for email in (people.celyn.account.email, people.kai.email, "nobody@family.example"):
        ask(email)
        assert NO_ACCOUNT_WITH_THIS_EMAIL in Delivery.objects.filter(address=email).latest("pk").body
    ask(people.nia.email)
    mailed_code(people.nia.email)


def test_who_is_removed_meanwhile_is_not_let_in(people):
    browser = ask(people.nia.email)
    User.objects.filter(pk=people.nia.pk).update(removed_at=at("2026-11-10 09:59"))
    browser.post(CONFIRM, {"code": mailed_code(people.nia.email)})
    assert browser.get("/messages/").status_code == 302


def test_code_opens_no_unconfirmed_account_with_a_password(people):
    claimed = make_user("Claimed", "claimed@family.example")
    claimed.set_password(PASSWORD)
    claimed.save()
    EmailAddress.objects.filter(user=claimed).update(verified=False)
    ask(claimed.email)
    assert NO_ACCOUNT_WITH_THIS_EMAIL in Delivery.objects.latest("pk").body


def test_five_codes_in_ten_minutes_may_be_requested(people):
    for _n in range(5):
        ask(people.nia.email)
    answer = Client().post(ASK, {"email": people.nia.email})
    assert answer.status_code != 302
    assert Delivery.objects.filter(address=people.nia.email).count() == 5
    ask(people.dylan.email)


def test_shared_device_applies_to_codes_too(people):
    browser = ask(people.nia.email, remember="false")
    browser.post(CONFIRM, {"code": mailed_code(people.nia.email)})
    assert browser.session["life"]["shared"] and browser.session.get_expire_at_browser_close()
