"""Whose drafts a page restores, and which draft the school has."""

import re

import pytest

from accounts.drafts.middleware import SENT
from accounts.models.school import School
from messaging.models.conversations import Message
from tests.people import key

OWNER = re.compile(r'<meta name="draft"\s+content="([^"]*)"')


def owner(browser, page="/newsfeed/") -> str | None:
    found = OWNER.search(browser.get(page, follow=True).content.decode())
    return found.group(1) if found else None


def lively(browser, since="2026-11-10T08:00:00+00:00", *, shared=False):
    """Begin the lifetime of the sign-in, as a first page does."""
    session = browser.session
    session["life"] = {"since": since, "seen": School.objects.here().now.isoformat(), "shared": shared}
    session.save()
    return browser


@pytest.mark.policy("TE-2")
def test_each_name_at_the_class_account_has_drafts_of_their_own(people):
    signs = {
        owner(lively(people.client(people.celyn, who)), "/messages/")
        for who in (people.pritchard, people.adeyemi)
    }
    assert len(signs) == 2 and all(len(sign) == 32 for sign in signs)


def test_draft_owner_is_stable_on_a_personal_device(people):
    browser = lively(people.client(people.nia))
    first = owner(browser, "/messages/")
    assert first and owner(browser, "/messages/") == first
    assert owner(lively(browser, "2026-11-10T09:00:00+00:00"), "/messages/") == first
    assert owner(lively(people.client(people.gareth)), "/messages/") not in (first, None)


def test_draft_owner_changes_on_a_shared_device(people):
    browser = lively(people.client(people.nia), shared=True)
    first = owner(browser, "/messages/")
    assert first and owner(browser, "/messages/") == first
    assert owner(lively(browser, "2026-11-10T09:00:00+00:00", shared=True), "/messages/") not in (first, None)


@pytest.mark.parametrize(("shared", "cleared"), [(False, '"cache"'), (True, '"cache", "storage"')])
def test_timed_out_session_leaves_drafts_on_a_personal_device(people, clock, shared, cleared):
    browser = lively(people.client(people.nia), shared=shared)
    assert owner(browser, "/messages/")
    clock.set("2027-06-01 10:00")
    answer = browser.get("/messages/")
    assert answer.status_code == 302 and answer["Clear-Site-Data"] == cleared


def test_signing_out_by_hand_clears_drafts(people):
    browser = lively(people.client(people.nia))
    answer = browser.post("/account/logout/")
    assert answer.status_code == 302 and answer["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.policy("PU-4")
def test_pupil_page_discards_all_drafts(people):
    assert owner(people.client(people.mali), "/pupil/") == ""


@pytest.mark.policy("PA-11")
def test_shared_view_touches_no_draft(people):
    browser = lively(people.client(people.nia))
    browser.post("/together/begin/")
    assert "Grown-up view" in browser.get("/together/", follow=True).content.decode()
    assert owner(browser, "/together/") is None


def test_nobody_and_a_class_without_a_name_touch_no_draft(people, client):
    assert owner(client, "/account/login/") is None


def test_a_carried_out_post_ends_its_draft(people):
    first_key = key()
    browser = people.client(people.nia)
    reply = browser.post(f"/messages/child/{people.mali.pk}/", {"body": "Hello", "key": first_key})
    assert Message.objects.exists() and reply.cookies[SENT].value == first_key
    assert (reply.cookies[SENT]["samesite"], reply.cookies[SENT]["max-age"]) == ("Strict", 60)


def test_refused_or_locked_post_leaves_its_draft(people, clock):
    browser = people.client(people.celyn)
    address = f"/messages/child/{people.mali.pk}/parent/{people.nia.pk}/"
    assert SENT not in browser.post(address, {"body": " ", "key": key()}).cookies
    clock.set("2026-11-10 12:00")
    reply = browser.post(address, {"body": "Hello", "key": key()})
    assert reply.status_code == 302 and SENT not in reply.cookies and not Message.objects.exists()


@pytest.mark.parametrize("text", ["x" * 36, "", "a; Domain=evil.example; padding-----", "\r\n" * 18])
def test_only_a_key_is_returned(people, text):
    reply = people.client(people.nia).post(f"/messages/child/{people.mali.pk}/", {"body": "Hi", "key": text})
    assert reply.status_code == 302 and SENT not in reply.cookies
