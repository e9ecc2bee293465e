"""From an empty database to the first leader with mfa."""

import re

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client

from accounts.notify.outbox import deliver_due
from tests.accounts.sign_in.mfa import STEP, code
from tests.accounts.sign_in.test_mfa import BEGIN, SET_UP, proved

ADDRESS, CHOSEN = "head@school.example", "seven-otters-in-a-rowing-boat"


@pytest.mark.policy("AU-6")
def test_first_leader_signs_in_with_mfa(clock):
    call_command("add_leader", ADDRESS, "Mrs", "Eleri", "Vaughan", "--head")
    browser = Client()
    browser.post("/account/password/reset/", {"email": ADDRESS})
    deliver_due()
    link = re.search(r"/account/password/reset/key/\S+", mail.outbox[-1].body).group()
    form = browser.get(link, follow=True).request["PATH_INFO"]
    browser.post(form, {"password1": CHOSEN, "password2": CHOSEN})
    browser.post("/account/login/", {"login": ADDRESS, "password": CHOSEN})
    assert browser.get("/admin/").headers["Location"] == BEGIN
    secret = proved(browser, browser.get(SET_UP).content.decode())
    assert browser.post(SET_UP, {"code": code(secret=secret)}).url == "/account/recovery-codes/"
    assert browser.get("/admin/").status_code == 200
    again = Client()
    assert again.post("/account/login/", {"login": ADDRESS, "password": CHOSEN}).url == STEP
    assert again.post(STEP, {"code": code(1, secret)}).status_code == 302
    assert again.get("/admin/").status_code == 200
