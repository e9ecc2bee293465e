"""Check the absence sheet: who is away, and until when (PA-13)."""

import csv
import io
import re
from datetime import date

import pytest

from accounts.calendar.hours import school_hours
from accounts.calendar.services import change_calendar
from accounts.enums import ClosureKind
from accounts.models.school import Closure
from classes.models.pupils import Pupil
from messaging.models.enquiries import Enquiry
from messaging.office.queries.absences import absences_on, away_on, lapsed_on
from messaging.office.services.casework import add_to_enquiry
from tests.clock import at
from tests.messaging.office.test_absence import submit_absence
from tests.messaging.school_time import page_text
from tests.people import key
from tests.sentences.messaging import ONE_CHILD_AWAY, PLEASE_RING, REPORTED_WITHOUT_NEWS

FIRST = "2026-11-10"  # a Tuesday


def report(people, clock, first=FIRST, when=None, **more) -> Enquiry:
    clock.set(f"{when or first} 07:15")
    submit_absence(people, first="other", first_date=first, **more)
    return Enquiry.objects.latest("turn")


def sheet_on(people, clock, day: str) -> str:
    """Return the text of the office's sheet on this day.

    At nine, in one line.
    """
    clock.set(f"{day} 09:00")
    page = page_text(people.client(people.office), "/office/")
    part = page[page.index('id="sheet"') : page.index('id="queue"')]
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def board_on(people, clock, day: str) -> tuple[bool, bool]:
    """Tell whether Mali is on the class's board.

    And on the page of who is absent.
    """
    clock.set(f"{day} 09:00")
    celyn = people.client(people.celyn)
    line = celyn.get("/absent-today/", headers={"HX-Request": "true"}).content.decode()
    page = page_text(celyn, "/absent-today/")
    return "Mali" in line, "Mali" in page[page.index("<main") :]


def close(people, day: date) -> None:
    with change_calendar(by=people.actor(people.office), why="snow"):
        Closure.objects.create(kind=ClosureKind.CLOSED, name="Snow", starts=day, ends=day)


@pytest.mark.policy("PA-13")
@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-11-14", "Weekend"),
        ("2026-11-15", "Weekend"),
        ("2026-12-22", "Outside every term"),
        ("2026-10-28", "Half-term"),
    ],
)
def test_without_school_nobody_is_away_and_the_sheet_says_so(people, clock, day, why):
    first = "2026-10-23" if day < FIRST else "2026-12-17" if day > "2026-12-01" else "2026-11-13"
    report(people, clock, first)
    assert board_on(people, clock, first) == (True, True)
    page = sheet_on(people, clock, day)
    assert "No school today." in page and why in page and "Mali" not in page
    assert "away today" not in page
    assert board_on(people, clock, day) == (False, False)
    assert why in page_text(people.client(people.celyn), "/absent-today/")
    rows = people.client(people.office).get("/office/absences.csv").content.decode()
    assert "Mali" not in rows


@pytest.mark.policy("PA-13")
def test_on_a_snow_day_nobody_is_away(people, clock):
    report(people, clock)
    assert ONE_CHILD_AWAY % {"number": "1"} in sheet_on(people, clock, "2026-11-11")
    close(people, date(2026, 11, 11))
    page = sheet_on(people, clock, "2026-11-11")
    assert "No school today." in page and "Snow" in page and "Mali" not in page
    assert board_on(people, clock, "2026-11-11") == (False, False)
    assert board_on(people, clock, "2026-11-12") == (True, True)


@pytest.mark.policy("PA-13")
def test_a_report_without_a_day_back_is_dated_and_asks_to_ring(people, clock):
    report(people, clock)
    first = sheet_on(people, clock, FIRST)
    assert "reported Tue 10 Nov, 07:15" in first and "no word since" not in first and "ring" not in first
    later = sheet_on(people, clock, "2026-11-17")
    assert REPORTED_WITHOUT_NEWS % {"when": "Tue 10 Nov, 07:15"} in later and "Please ring" in later
    assert "counts until Mon 23 Nov" in later
    rows = list(
        csv.reader(io.StringIO(people.client(people.office).get("/office/absences.csv").content.decode()))
    )
    assert rows[0][-1] == "To do" and rows[1][-1] == PLEASE_RING


def test_a_word_of_the_family_today_asks_nobody_to_ring(people, clock):
    enquiry, nia = report(people, clock), people.actor(people.nia)
    now = clock.set("2026-11-12 08:05")
    add_to_enquiry(enquiry, body="Still poorly", by=nia, at=now, key=key())
    page = sheet_on(people, clock, "2026-11-12")
    assert "reported Tue 10 Nov, 07:15, last word Thu 12 Nov, 08:05" in page and "ring" not in page
    assert "Please ring" in sheet_on(people, clock, "2026-11-13")


@pytest.mark.parametrize("changed", [{"back": "date", "back_date": "2026-11-20"}, {"part": "morning"}])
def test_a_known_day_back_asks_nobody_to_ring(people, clock, changed):
    report(people, clock, **changed)
    for day in (FIRST, "2026-11-17"):
        assert "ring" not in sheet_on(people, clock, day)


@pytest.mark.policy("PA-13")
def test_after_two_weeks_it_counts_no_more_and_the_sheet_says_so(people, clock):
    report(people, clock)
    assert "1 child is away" in sheet_on(people, clock, "2026-11-23")
    page = sheet_on(people, clock, "2026-11-24")
    assert "0 children are away" in page and "No longer counted" in page and "14 days" in page
    reported = REPORTED_WITHOUT_NEWS % {"when": "Tue 10 Nov, 07:15"}
    assert f"Mali Bowen, Celyn: {reported} · 07700 900142" in page
    assert board_on(people, clock, "2026-11-24") == (False, False)
    assert "No longer counted" not in sheet_on(people, clock, "2026-12-01")


def test_a_new_report_takes_a_lapsed_one_off_the_sheet(people, clock):
    report(people, clock)
    report(people, clock, "2026-11-24")
    page = sheet_on(people, clock, "2026-11-24")
    assert "1 child is away" in page and "No longer counted" not in page


@pytest.mark.policy("PA-13")
def test_a_child_who_left_is_off_the_sheet_and_the_board(people, clock):
    report(people, clock)
    assert "Mali" in sheet_on(people, clock, "2026-11-11")
    Pupil.objects.filter(pk=people.mali.pk).update(left_on=date(2026, 11, 10))
    assert "Mali" not in sheet_on(people, clock, "2026-11-11")
    assert "Mali" not in sheet_on(people, clock, "2026-11-24")
    assert board_on(people, clock, "2026-11-11") == (False, False)


def test_a_later_report_with_a_day_back_ends_one_without(people, clock):
    report(people, clock)
    report(people, clock, "2026-11-12", back="date", back_date="2026-11-16")
    assert "Mali" in sheet_on(people, clock, "2026-11-13")
    assert "Mali" not in sheet_on(people, clock, "2026-11-16")
    assert "Mali" not in sheet_on(people, clock, "2026-11-24")


def test_a_day_reported_afterwards_does_not_end_a_later_absence(people, clock):
    report(people, clock)
    report(people, clock, "2026-11-09", when="2026-11-11", back="date", back_date="2026-11-10")
    assert "Mali" in sheet_on(people, clock, "2026-11-12")


def test_a_morning_absence_ends_no_longer_one(people, clock):
    report(people, clock, back="date", back_date="2026-11-16")
    report(people, clock, "2026-11-11", part="morning")
    assert "Mali" in sheet_on(people, clock, "2026-11-12")


def test_sheet_and_board_say_the_same_of_every_day(people, clock):
    report(people, clock)
    hours, office = school_hours(people.school), people.actor(people.office)
    for number in range(8, 30):
        day = date(2026, 11, number)
        on_sheet = {row.pupil.pk for _room, rows in absences_on(office, day, hours) for row in rows}
        assert on_sheet == set(away_on(day, hours))
        assert bool(on_sheet) == (hours.is_school_day(day) and 10 <= number <= 23)


def test_the_sheet_asks_no_more_for_more_children(people, clock, django_assert_num_queries):
    hours, office = school_hours(people.school), people.actor(people.office)
    report(people, clock)
    with django_assert_num_queries(3):
        absences_on(office, date(2026, 11, 10), hours)
    submit_absence(people, people.client(people.sioned), children=[people.efa.pk, people.tomos.pk])
    with django_assert_num_queries(3):
        absences_on(office, date(2026, 11, 10), hours)
    assert lapsed_on(office, date(2026, 11, 10), hours) == []
    assert at(f"{FIRST} 07:15") == Enquiry.objects.earliest("turn").sent_at
