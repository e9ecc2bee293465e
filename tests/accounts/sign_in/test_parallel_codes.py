"""Codes and old passwords are counted before the check (A01).

Parallel guesses are as few as others.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from accounts.models.notifications import Delivery
from accounts.sessions.rate_limits import ADDRESS_CODES, MAILED_CODE
from tests.accounts.sign_in.test_sign_in_by_code import CONFIRM, ask, is_in, mailed_code
from tests.clock import Clock
from tests.people import PASSWORD, make_people
from tests.sentences.accounts import SIGN_IN_WAS_TRIED

pytestmark = [pytest.mark.usefixtures("no_counts")]
ADDRESS = "/account/address/"


@pytest.fixture
def people(transactional_db):
    clock, made = Clock(), make_people()
    clock.set("2026-11-10 10:00")
    yield made
    clock.real()


def at_once(browser: Client, path: str, answers: list[dict]) -> list:
    """Return the responses to parallel requests with the same cookies."""
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}

    def one(fields: dict):
        own = Client()
        own.cookies.load(cookies)
        try:
            return own.post(path, fields)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(one, answers))


@pytest.mark.django_db(transaction=True)
def test_sign_in_code_has_three_tries_in_parallel(people, monkeypatch):
    seen = []
    from allauth.account import forms

    real = forms.compare_user_code
    monkeypatch.setattr(forms, "compare_user_code", lambda **both: seen.append(both) or real(**both))
    browser = ask(people.nia.email)
    at_once(browser, CONFIRM, [{"code": f"WRNG-{number:04}"} for number in range(16)])
    assert 1 <= len(seen) <= MAILED_CODE.amount
    assert browser.post(CONFIRM, {"code": mailed_code(people.nia.email)}).status_code != 500
    assert not is_in(browser)


@pytest.mark.django_db(transaction=True)
def test_unlock_code_has_three_tries_in_parallel(people, monkeypatch):
    from accounts.codes import email_codes

    seen, real = [], email_codes.constant_time_compare
    monkeypatch.setattr(email_codes, "constant_time_compare", lambda *both: seen.append(both) or real(*both))
    people.nia.set_unusable_password()
    people.nia.save(update_fields=["password"])
    browser = people.client(people.nia)
    browser.post("/parent-lock/", {"send": "1"})
    at_once(browser, "/parent-lock/", [{"code": f"WRNG-{number:04}"} for number in range(12)])
    assert 1 <= len(seen) <= MAILED_CODE.amount


@pytest.mark.django_db(transaction=True)
def test_address_codes_have_five_tries_in_parallel(people, monkeypatch):
    from accounts.codes import email_codes

    seen, real = [], email_codes.constant_time_compare
    monkeypatch.setattr(email_codes, "constant_time_compare", lambda *both: seen.append(both) or real(*both))
    browser = people.client(people.nia)
    browser.post(ADDRESS, {"email": "new@family.example"})
    assert Delivery.objects.filter(address="new@family.example").exists()
    wrong = [{"old_code": f"WRNG-{number:04}", "new_code": "WRNG-WRNG"} for number in range(16)]
    at_once(browser, ADDRESS, wrong)
    assert 1 <= len(seen) <= 2 * ADDRESS_CODES.amount


@pytest.mark.django_db(transaction=True)
def test_A01_old_password_has_five_tries_owner_is_notified(people):
    people.nia.set_password(PASSWORD)
    people.nia.save(update_fields=["password"])
    browser = people.client(people.nia)
    change = {"oldpassword": "not this one", "password1": "three green dragons", "password2": "x"}
    for _number in range(5):
        wrong = browser.post("/account/password/change/", change)
        assert wrong.status_code == 200 and wrong.context["form"].errors["oldpassword"]
    right = change | {"oldpassword": PASSWORD}
    answer = browser.post("/account/password/change/", right)
    assert answer.status_code == 200 and answer.context["form"].errors["oldpassword"]
    assert answer.context["form"].errors != wrong.context["form"].errors, "it is not looked at any more"
    assert Delivery.objects.filter(address=people.nia.email, subject__contains=SIGN_IN_WAS_TRIED).count() == 1
