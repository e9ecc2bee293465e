"""A sign-in ends after an idle and a total time (A09)."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.accounts.sessions.test_devices import nia, sign_in
from tests.clock import at
from tests.sentences.accounts import SIGNED_OUT_UNUSED_DEVICE
from tests.structure.world import make_world

__all__ = ["nia"]
pytestmark = pytest.mark.usefixtures("no_counts")

START = at("2026-11-10 10:00")


def is_in(browser: Client) -> bool:
    """Return whether the browser is still signed in, by one request to a public page."""
    browser.get("/help/")
    return "_auth_user_id" in browser.session


def after(clock, **time) -> None:
    clock.set((START + timedelta(**time)).strftime("%Y-%m-%d %H:%M:%S"))


@pytest.mark.policy("AU-6")
def test_A09_staff_are_signed_out_after_thirty_idle_minutes(people, clock):
    browser = people.client(people.deputy)
    assert is_in(browser)
    after(clock, minutes=30)
    assert is_in(browser)
    after(clock, minutes=60, seconds=1)
    assert not is_in(browser)


@pytest.mark.policy("AU-6")
def test_A09_staff_are_signed_out_after_twelve_hours(people, clock):
    browser = people.client(people.deputy)
    for minutes in range(0, 12 * 60 + 1, 20):
        after(clock, minutes=minutes)
        assert is_in(browser), minutes
    after(clock, minutes=12 * 60 + 1)
    assert not is_in(browser)


def test_A09_a_class_account_is_signed_in_for_a_school_day(people, clock):
    browser = people.client(people.celyn)
    assert is_in(browser)
    after(clock, hours=11, minutes=59)
    assert is_in(browser)
    after(clock, hours=12, minutes=1)
    assert not is_in(browser)


@pytest.mark.policy("AU-6")
def test_A09_parent_stays_sixty_idle_days_and_half_a_year(nia, clock):
    browser, other = sign_in(nia), sign_in(nia)
    for days in range(0, 181, 45):
        after(clock, days=days)
        assert is_in(browser), days
    assert not is_in(other)
    after(clock, days=181)
    assert not is_in(browser)


@pytest.mark.policy("AU-6")
def test_A09_shared_device_ends_with_browser_or_half_an_hour(nia, clock):
    browser = sign_in(nia, remember="false")
    cookie = browser.cookies["sessionid"]
    assert cookie["max-age"] == "" and cookie["expires"] == ""
    after(clock, minutes=30, seconds=1)
    assert not is_in(browser)
    assert sign_in(nia).cookies["sessionid"]["max-age"] > 86_400


def test_a_new_sign_in_begins_a_new_life(nia, clock):
    browser = sign_in(nia, remember="false")
    after(clock, minutes=31)
    browser.get("/")
    sign_in(nia, browser, remember="false")
    after(clock, minutes=60)
    assert is_in(browser)


def test_polling_page_keeps_nobody_signed_in(people, clock):
    world = make_world(people)
    browser = people.client(people.nia)
    browser.get("/messages/")
    session = browser.session
    session["life"] |= {"shared": True}
    session.save()
    for minutes in (10, 20, 30):
        after(clock, minutes=minutes)
        browser.get(f"/messages/{world.conversation.pk}/new/")
    after(clock, minutes=31)
    answer = browser.get(f"/messages/{world.conversation.pk}/new/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/account/login/")
    assert "_auth_user_id" not in browser.session


def test_signed_out_person_reads_why_nothing_stays_behind(people, clock):
    browser = people.client(people.deputy)
    assert is_in(browser)
    after(clock, minutes=31)
    answer = browser.get("/admin/")
    assert answer.headers["Clear-Site-Data"]
    assert SIGNED_OUT_UNUSED_DEVICE in browser.get("/account/login/").content.decode()


def test_session_use_is_written_every_three_minutes(nia, clock):
    browser = sign_in(nia)
    browser.get("/help/")
    seen = browser.session["life"]["seen"]
    after(clock, minutes=2, seconds=59)
    browser.get("/help/")
    assert browser.session["life"]["seen"] == seen
    after(clock, minutes=3)
    browser.get("/help/")
    assert browser.session["life"]["seen"] > seen
