"""Mfa at sign-in: single-use codes, few guesses, no skipping (A11, A28)."""

import pytest
from django.test import Client
from django.utils.translation import override

from accounts.access import remove_access
from accounts.models.audit import AuditEntry
from accounts.models.notifications import Delivery
from accounts.sign_in.mfa_forms import CODES, CODES_OF_A_DAY, counted_codes
from tests.accounts.sign_in.mfa import (
    STEP,
    agreed,
    at_mfa_page,
    code,
    give_codes,
    give_password,
    wrong_code,
)
from tests.clock import at
from tests.sentences.accounts import PASSWORD_IS_KNOWN


@pytest.fixture
def head(people):
    agreed(people, people.head)
    for person in (people.head.user, people.office.user):
        counted_codes(person).forget()
    return give_password(people.head.user)


def test_a_right_code_lets_in(people, head):
    browser = at_mfa_page(head)
    assert "_auth_user_id" not in browser.session
    assert browser.post(STEP, {"code": code()}).status_code == 302
    assert browser.get("/").status_code == 200


def test_between_the_steps_nothing_is_open(people, head):
    browser = at_mfa_page(head)
    for path in ("/", "/admin/", "/office/", "/account/authenticator/", "/account/recovery-codes/"):
        assert "/login/?next=" in browser.get(path).url, path


def test_A28_mfa_page_without_password_leads_to_the_start(people, head):
    browser = Client()
    for answer in (browser.get(STEP), browser.post(STEP, {"code": code()})):
        assert answer.url == "/account/login/"
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize("shift", [-1, 0])
def test_A11_a_code_opens_once(people, head, shift):
    first, second, used = at_mfa_page(head), at_mfa_page(head), code(shift)
    assert first.post(STEP, {"code": used}).status_code == 302
    again = second.post(STEP, {"code": used})
    assert again.status_code == 422
    assert "was used already" in again.content.decode()


def test_A11_a_code_older_than_the_last_used_opens_nothing(people, head):
    first, second = at_mfa_page(head), at_mfa_page(head)
    assert first.post(STEP, {"code": code()}).status_code == 302
    assert second.post(STEP, {"code": code(-1)}).status_code == 422
    assert second.post(STEP, {"code": code(1)}).status_code == 302


def test_a_code_that_proved_it_is_still_you_opens_no_sign_in(people, head):
    inside, other = people.client(people.head), at_mfa_page(head)
    used = code()
    assert inside.post("/account/again/code/", {"code": used}).status_code == 302
    assert other.post(STEP, {"code": used}).status_code == 422


@pytest.mark.parametrize("shift", [-2, 3])
def test_A11_a_code_of_another_minute_opens_nothing(people, head, shift):
    assert at_mfa_page(head).post(STEP, {"code": code(shift)}).status_code == 422


def test_A11_codes_cannot_be_guessed(people, head):
    browser, wrong = at_mfa_page(head), wrong_code()
    assert {browser.post(STEP, {"code": wrong}).status_code for _n in range(CODES.amount)} == {422}
    locked_out = at_mfa_page(head).post(STEP, {"code": code()})
    assert locked_out.status_code == 422
    assert "Too many tries" in locked_out.content.decode()


def test_fifty_wrong_codes_a_day_are_the_most(people, head):
    browser, right = at_mfa_page(head), code(1)
    counted = [counted_codes(head) for _n in range(CODES_OF_A_DAY.amount)]
    for each in counted:
        each.buckets = each.buckets[1:]
        each.acquire()
    assert browser.post(STEP, {"code": right}).status_code == 422


def test_owner_is_notified_of_guessed_mfa_codes(people, head):
    browser, wrong = at_mfa_page(head), wrong_code()
    for _n in range(2 * CODES.amount):
        browser.post(STEP, {"code": wrong})
    mail = Delivery.objects.get(user=head, subject=PASSWORD_IS_KNOWN)
    assert mail.any_hour
    assert AuditEntry.objects.filter(verb="signin.codes_guessed").count() == 1


def test_one_persons_guesses_lock_nobody_else_out(people, head):
    browser, wrong = at_mfa_page(head), wrong_code()
    for _n in range(CODES.amount + 1):
        browser.post(STEP, {"code": wrong})
    assert at_mfa_page(people.office.user).post(STEP, {"code": code()}).status_code == 302


def test_A11_a_recovery_code_opens_once(people, head):
    codes = give_codes(head)
    first, second = at_mfa_page(head), at_mfa_page(head)
    assert first.post(STEP, {"code": codes[0]}).status_code == 302
    assert first.get("/").status_code == 200
    assert second.post(STEP, {"code": codes[0]}).status_code == 422
    assert second.post(STEP, {"code": codes[1]}).status_code == 302


def test_new_recovery_codes_end_the_old(people, head):
    old, browser = give_codes(head), at_mfa_page(head)
    assert browser.post(STEP, {"code": code()}).status_code == 302
    assert browser.post("/account/recovery-codes/new/").status_code == 302
    shown = browser.get("/account/recovery-codes/").content.decode()
    assert not any(each in shown for each in old)
    assert at_mfa_page(head).post(STEP, {"code": old[0]}).status_code == 422


def test_A07_session_id_changes_after_mfa(people, head):
    browser = at_mfa_page(head)
    before = browser.session.session_key
    assert browser.post(STEP, {"code": code()}).status_code == 302
    assert browser.session.session_key != before
    stale = Client()
    stale.cookies["sessionid"] = before
    assert stale.get("/").url.startswith("/account/login/")


def test_removed_leader_does_not_pass_mfa(people, head):
    browser = at_mfa_page(head)
    remove_access(head, by=people.actor(people.deputy), at=at("2026-11-10 10:00"))
    browser.post(STEP, {"code": code()})
    assert browser.get("/").url.startswith("/account/login/")


@pytest.mark.parametrize("typed", ["", " ", "\0", "１２３４５６", "abcdef", "0" * 5000, "123456\r\nX: y"])
def test_rubbish_is_answered_with_a_sentence(people, head, typed):
    answer = at_mfa_page(head).post(STEP, {"code": typed})
    assert answer.status_code == 422
    assert "Error:" in answer.content.decode()


@pytest.mark.parametrize("sent", [{"credential": "{}"}, {"credential": "[]"}, {"credential": '"a"'}, {}])
def test_rubbish_for_a_passkey_is_no_fault(people, head, sent):
    browser = at_mfa_page(head)
    browser.raise_request_exception = False
    for path in (STEP, "/account/passkeys/sign-in/"):
        assert browser.post(path, sent).status_code < 500


def test_mfa_pages_are_in_welsh_too(people, head):
    browser = at_mfa_page(head)
    browser.cookies["django_language"] = "cy"
    with override("cy"):
        page = browser.get(STEP).content.decode()
    assert "Your second step" not in page
