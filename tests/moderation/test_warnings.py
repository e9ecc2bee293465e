"""Test that a warned parent reads the warning on their pages (PA-9)."""

import pytest

from accounts.calendar.services import change_calendar
from accounts.models.notifications import Delivery, Notification
from accounts.models.school import Closure
from tests.clock import at
from tests.moderation import scene
from tests.sentences.moderation import KIND_AND_POLITE, NO_WARNINGS

BANNER = "/warnings/banner/"


@pytest.mark.policy("PA-9")
def test_the_parents_page_has_a_warnings_rule_reason_and_contact(people):
    scene.warn(people)
    text = people.client(people.nia).get("/warnings/").text
    assert KIND_AND_POLITE in text and "AU-1" in text
    assert "Please be kind to staff." in text
    assert "mailto:concerns@school.example" in text


@pytest.mark.policy("PA-9")
def test_the_banner_goes_once_read_and_the_warning_stays(people):
    browser = people.client(people.nia)
    assert browser.get(BANNER).status_code == 204
    scene.warn(people)
    assert "/warnings/" in browser.get(BANNER).text
    browser.get("/warnings/")
    assert browser.get(BANNER).status_code == 200
    assert browser.get("/warnings/read/").status_code == 405
    browser.post("/warnings/read/")
    assert browser.get(BANNER).status_code == 204
    assert "Please be kind to staff." in browser.get("/warnings/").text


@pytest.mark.policy("PA-9")
def test_the_other_parent_and_the_stranger_see_nothing_of_it(people):
    scene.warn(people)
    assert people.client(people.nia).get(BANNER).status_code == 200
    for who in (people.gareth, people.dylan):
        browser = people.client(who)
        assert browser.get(BANNER).status_code == 204
        assert NO_WARNINGS in browser.get("/warnings/").text


def test_a_warning_given_at_night_is_read_from_the_opening(people, clock):
    clock.set("2026-11-10 20:00")
    scene.warn(people)
    assert people.client(people.nia).get(BANNER).status_code == 204
    clock.set("2026-11-11 08:30")
    assert people.client(people.nia).get(BANNER).status_code == 200


def test_class_and_pupil_accounts_have_no_warnings(people):
    for who in (people.celyn, people.mali):
        for page in ("/warnings/", BANNER):
            assert people.client(who).get(page).status_code == 404


def test_a_calendar_change_reschedules_notifications(people, clock):
    clock.set("2026-11-10 20:00")
    scene.warn(people)
    assert Delivery.objects.get().next_attempt_at == at("2026-11-11 08:30")
    with change_calendar(by=None, why="snow"):
        Closure.objects.create(kind="closed", name="Snow", starts="2026-11-11", ends="2026-11-11")
    assert Delivery.objects.get().next_attempt_at == at("2026-11-12 08:30")
    assert Notification.objects.get().release_at == at("2026-11-12 08:30")
