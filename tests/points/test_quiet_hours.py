"""Test that points of quiet hours reach families at the next opening.

The class sees them at once (PU-2, TE-4).
"""

from datetime import date

import pytest
from django.db import Error, transaction

from accounts.calendar.hours import school_hours
from accounts.calendar.services import change_calendar
from accounts.models.audit import AuditEntry
from accounts.models.notifications import Notification
from accounts.models.school import Closure
from points.models import Award
from points.queries.board import board_of
from points.services import notify_families_due, undo_awards
from tests.clock import at
from tests.rights import as_the_web

NOTE = "Read a whole book on Sunday"
SUNDAY = "2026-11-15 19:00"
MONDAY = "2026-11-16 08:30"


def page(browser, url: str) -> str:
    return browser.get(url).content.decode()


def family_pages(people) -> list[tuple]:
    """Return the pages on which a family reads about points."""
    shared = people.client(people.nia)
    shared.post("/together/begin/")
    return [
        (people.client(people.nia), f"/points/{people.mali.pk}/"),
        (people.client(people.gareth), f"/points/{people.mali.pk}/"),
        (shared, f"/together/{people.mali.pk}/"),
        (people.client(people.mali), "/pupil/me/"),
    ]


def snow_on_monday(people) -> None:
    with change_calendar(by=people.actor(people.head), why="snow"):
        day = date(2026, 11, 16)
        Closure.objects.create(starts=day, ends=day, kind="closed", name="Snow")


@pytest.mark.policy("TE-4")
def test_a_point_of_sunday_reaches_no_family_before_monday(people, give, clock):
    clock.set(SUNDAY)
    give(people.mali, when=SUNDAY, behaviour="Reading at home", note=NOTE)
    for moment, seen in (("2026-11-15 22:00", 0), ("2026-11-16 08:29:59", 0), (MONDAY, 1)):
        clock.set(moment)
        assert Award.objects.for_families().count() == seen
        for browser, url in family_pages(people):
            text = page(browser, url)
            assert ("Reading at home" in text) == bool(seen), (moment, url)
            assert (NOTE in text) <= bool(seen), (moment, url)


@pytest.mark.policy("TE-1")
def test_the_class_has_the_point_of_the_evening_at_once(people, give, clock):
    people.client(people.celyn).post("/class/board/settings/", {"goal": "10"})
    clock.set(SUNDAY)
    give(people.mali, when=SUNDAY, note=NOTE)
    browser, at_once = people.client(people.celyn), at(SUNDAY)
    assert NOTE in b"".join(browser.get("/points/school/awards.csv")).decode()
    board = board_of(people.actor(people.celyn), at_once, school_hours(), staff_view=True)
    assert board.total == board.goal.gathered == 1


def test_the_undo_window_still_holds_over_the_opening(people, give, clock):
    clock.set("2026-11-16 08:25")
    give(people.mali, when="2026-11-16 08:25")
    clock.set("2026-11-16 08:34:59")
    assert not Award.objects.for_families().exists()
    clock.set("2026-11-16 08:35")
    assert Award.objects.for_families().exists()


def test_a_point_of_the_night_is_undone_within_ten_minutes(people, give, clock):
    clock.set(SUNDAY)
    (award,) = give(people.mali, when=SUNDAY)
    clock.set("2026-11-15 19:09")
    undo_awards(key=award.key, by=people.actor(people.celyn), at=at("2026-11-15 19:09"))
    clock.set("2026-11-16 09:00")
    assert not Award.objects.for_families().exists()


def test_a_point_of_working_hours_is_seen_after_ten_minutes(people, give, clock):
    give(people.mali)
    clock.set("2026-11-10 10:10")
    assert Award.objects.for_families().exists()


@pytest.mark.policy("TE-4")
def test_f37_points_that_wait_move_with_the_calendar(people, give, clock):
    give(people.efa, when="2026-11-13 10:00")
    give(people.mali, when=SUNDAY)
    snow_on_monday(people)
    assert Award.objects.get(pupil=people.mali).release_at == at("2026-11-17 08:30")
    assert Award.objects.get(pupil=people.efa).release_at == at("2026-11-13 10:00")
    assert AuditEntry.objects.get(verb="calendar.changed").detail["moved"] == 1
    clock.set("2026-11-16 12:00")
    assert not Award.objects.for_families().filter(pupil=people.mali).exists()


@pytest.mark.policy("TE-4")
def test_the_web_may_move_points_that_wait(people, give):
    give(people.mali, when=SUNDAY)
    with as_the_web():
        snow_on_monday(people)
    assert Award.objects.get(pupil=people.mali).release_at == at("2026-11-17 08:30")


def test_a_calendar_change_does_not_move_seen_points(people, give, clock):
    give(people.mali, when=SUNDAY)
    clock.set(MONDAY)
    assert Award.objects.for_families().exists()
    snow_on_monday(people)
    assert Award.objects.for_families().exists()


@pytest.mark.policy("PU-3")
def test_only_the_release_of_a_pending_point_may_change(people, give, clock):
    give(people.mali, when=SUNDAY)
    Award.objects.update(release_at=at("2026-11-17 08:30"))
    with pytest.raises(Error, match="award_released_after_given"), transaction.atomic():
        Award.objects.update(release_at=at("2026-11-14 08:30"))
    for change in ({"note": "Other"}, {"points": 5}, {"undone_at": None, "undone_by": people.head}):
        with pytest.raises(Error), transaction.atomic():
            Award.objects.update(release_at=at("2026-11-18 08:30"), **change)
    clock.set("2026-11-17 08:30")
    with pytest.raises(Error, match="award_only_undo_within_ten_minutes"), transaction.atomic():
        Award.objects.update(release_at=at("2026-11-18 08:30"))


@pytest.mark.policy("TE-4")
def test_a_pending_point_notifies_once_after_its_release(people, give, clock):
    clock.set("2026-11-13 15:40")
    notify_families_due(at=at("2026-11-13 15:40"))
    give(people.mali, when=SUNDAY)
    snow_on_monday(people)
    for day, for_families in (("2026-11-16", 0), ("2026-11-17", 2), ("2026-11-18", 2)):
        clock.set(f"{day} 15:40")
        notify_families_due(at=at(f"{day} 15:40"))
        assert Notification.objects.filter(kind="points").count() == for_families
