"""Test locking the class account in one tap, from every page (TE-2)."""

import re

import pytest

from accounts.models.audit import AuditEntry
from messaging.models.conversations import Message
from tests.people import PIN, give_account, key, make_user

LOCK, WHO = "/class/lock/", "/class/who/"
PAGES = [
    "/class/board/",
    "/class/board/?view=staff",
    "/class/board/pick/",
    "/class/board/settings/",
    "/class/cards/",
    "/news/",
    "/news/write/",
    "/messages/",
    "/absent-today/",
    "/points/school/",
    "/class/pin/",
    "/calendar/",
    "/terms/",
]


@pytest.fixture
def browser(people):
    return people.client(people.celyn, people.pritchard)


def lock_form(page) -> str:
    found = re.search(rf'<form[^>]*action="{LOCK}".*?</form>', page.text, re.S)
    assert found, "the page has no Lock"
    return found[0]


@pytest.mark.policy("TE-2")
@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_the_class_locks_in_one_tap(browser, path):
    form = lock_form(browser.get(path))
    assert form.count('type="submit"') == 1 and "details" not in form
    answer = browser.post(LOCK, {"next": re.search(r'name="next" value="([^"]+)"', form)[1]})
    assert answer.headers["Location"].startswith(WHO)
    assert browser.get(path).status_code in (200, 302) and "staff" not in browser.session
    assert browser.get("/messages/").headers["Location"].startswith(WHO)


@pytest.mark.policy("TE-2")
def test_locking_ends_the_person_under_a_new_session(people, browser):
    conversation = f"/messages/child/{people.mali.pk}/parent/{people.nia.pk}/"
    before = browser.cookies["sessionid"].value
    answer = browser.post(LOCK)
    assert browser.session.session_key != before and answer.cookies["covered"].value
    browser.post(conversation, {"body": "Written by a child.", "key": key()})
    browser.cookies["sessionid"] = before  # what a page behind the Back button would send
    browser.post(conversation, {"body": "Written by a child.", "key": key()})
    assert not Message.objects.exists()
    entry = AuditEntry.objects.get(verb="class.locked")
    assert (entry.user, entry.staff) == (people.celyn.account, people.pritchard)


@pytest.mark.policy("TE-2")
def test_after_the_pin_one_is_where_one_locked(people, browser):
    where = "/class/board/?view=staff"
    location = browser.post(LOCK, {"next": where}).headers["Location"]
    form = browser.get(location).text
    assert 'value="/class/board/?view=staff"' in form
    answer = browser.post(WHO, {"who": people.adeyemi.pk, "pin": PIN, "next": where})
    assert answer.headers["Location"] == where


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "x" * 600, "\x00", WHO])
def test_locking_leads_nowhere_else(people, browser, back):
    location = browser.post(LOCK, {"next": back}).headers["Location"]
    assert location.startswith(WHO) and "staff" not in browser.session
    answer = browser.post(WHO, {"who": people.adeyemi.pk, "pin": PIN, "next": back})
    assert "evil" not in answer.headers.get("Location", "")


def test_locking_twice_is_locking_once(browser):
    assert [browser.post(LOCK).status_code for _turn in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(verb="class.locked").count() == 1


def test_locking_takes_a_post(browser):
    assert browser.get(LOCK).status_code == 405
    assert browser.session["staff"]


@pytest.mark.policy("TE-2")
def test_who_stepped_in_from_their_own_account_steps_out(people):
    client = people.client(
        give_account(people.pritchard, make_user("Mrs Pritchard", "anwen.pritchard@school.example"))
    )
    client.post("/class/step-in/", {"classroom": people.celyn.pk})
    form = lock_form(client.get("/class/board/"))
    assert form.count('type="submit"') == 1
    assert client.post(LOCK).headers["Location"] == "/"
    assert client.get("/class/board/").status_code == 404


def test_nobody_else_has_it(people):
    for who in (people.nia, people.mali, people.head, people.office):
        assert people.client(who).post(LOCK).status_code == 404
