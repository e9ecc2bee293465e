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
from tests.sentences.messaging import (
    ALSO_REPORTED_BY,
    DAY_UNREADABLE,
    DAYS_WITHOUT_WORD,
    LEFT_THAT_DAY,
    NO_LONGER_ON_SHEET,
    NO_SCHOOL_THAT_DAY,
    ONE_CHILD_AWAY,
    ONE_DAY_WITHOUT_WORD,
    PLEASE_RING,
    REPORTED,
)

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
    part = page[page.index('id="sheet"') : page.index("<footer")]
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def board_on(people, clock, day: str) -> tuple[bool, bool]:
    """Tell whether Mali is on the class's board.

    And on the page of who is absent.
    """
    clock.set(f"{day} 09:00")
    celyn = people.client(people.celyn)
    board = " ".join(celyn.get("/class/board/?view=staff").content.decode().split())
    page = page_text(celyn, "/absent-today/")
    return "Mali is away today" in board, "Mali" in page[page.index("<main") :]


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
    reported = REPORTED % {"when": "Tue 10 Nov, 07:15"}
    assert reported in first and "without word" not in first and "ring" not in first
    second = sheet_on(people, clock, "2026-11-11")
    assert (ONE_DAY_WITHOUT_WORD % {"days": 1}) in second and "ring" not in second
    later = sheet_on(people, clock, "2026-11-17")
    assert f"{reported} · {DAYS_WITHOUT_WORD % {'days': 5}}" in later and "Please telephone" in later
    assert "counts until Mon 23 Nov" in later
    rows = list(
        csv.reader(io.StringIO(people.client(people.office).get("/office/absences.csv").content.decode()))
    )
    assert rows[0][-1] == "To do" and rows[1][-1] == PLEASE_RING % {"days": 5}


def test_a_word_of_the_family_today_asks_nobody_to_ring(people, clock):
    enquiry, nia = report(people, clock), people.actor(people.nia)
    now = clock.set("2026-11-12 08:05")
    add_to_enquiry(enquiry, body="Still poorly", by=nia, at=now, key=key())
    page = sheet_on(people, clock, "2026-11-12")
    assert "reported Tue 10 Nov, 07:15, last word Thu 12 Nov, 08:05" in page and "ring" not in page
    assert "ring" not in sheet_on(people, clock, "2026-11-13")
    assert "Please telephone" in sheet_on(people, clock, "2026-11-16")


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
    assert "0 children are away" in page and NO_LONGER_ON_SHEET in page and "14 days" in page
    reported = REPORTED % {"when": "Tue 10 Nov, 07:15"}
    assert (
        f"Mali Bowen, Celyn: {reported} · {DAYS_WITHOUT_WORD % {'days': 10}} · {people.nia.name} · 07700 900142"
        in page
    )
    assert board_on(people, clock, "2026-11-24") == (False, False)
    assert NO_LONGER_ON_SHEET not in sheet_on(people, clock, "2026-12-01")


def test_a_new_report_takes_a_lapsed_one_off_the_sheet(people, clock):
    report(people, clock)
    report(people, clock, "2026-11-24")
    page = sheet_on(people, clock, "2026-11-24")
    assert "1 child is away" in page and NO_LONGER_ON_SHEET not in page


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


# -- the sheet of any day ------------------------------------------------------------------------------


def sheet_of(people, day: str, who=None) -> str:
    page = page_text(people.client(who or people.office), f"/office/absences/?day={day}")
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<main") :]).split())


def rows_of(people, day: str) -> list[dict[str, str]]:
    said = people.client(people.office).get(f"/office/absences.csv?day={day}").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(said)))


@pytest.mark.policy("PA-13")
def test_the_sheet_of_any_day_names_who_was_away_on_it(people, clock):
    report(people, clock, back="date", back_date="2026-11-12")
    clock.set("2026-11-20 09:00")
    for day, is_on in (("2026-11-09", False), (FIRST, True), ("2026-11-11", True), ("2026-11-12", False)):
        assert ("Mali Bowen" in sheet_of(people, day)) is is_on, day
        assert [row["Child"] for row in rows_of(people, day)] == ["Mali Bowen"] * is_on


def test_the_days_beside_are_school_days(people, clock):
    clock.set("2026-11-13 09:00")
    page = page_text(people.client(people.office), "/office/absences/")
    assert re.findall(r'rel="(prev|next)"\s+href="\?day=([\d-]+)"', page) == [
        ("prev", "2026-11-12"),
        ("next", "2026-11-16"),
    ]
    assert NO_SCHOOL_THAT_DAY in sheet_of(people, "2026-11-14") and "Weekend" in sheet_of(
        people, "2026-11-14"
    )


@pytest.mark.parametrize(
    "day", ["soon", "2026-02-30", "0001-01-01", "9999-12-31", "20261110", "2026-11-10' --"]
)
def test_a_day_that_is_none_is_said_and_shows_today(people, clock, day):
    report(people, clock)
    page = people.client(people.office).get(f"/office/absences/?day={day}")
    assert page.status_code == 422 and "Mali Bowen" in page.content.decode()
    assert (DAY_UNREADABLE in page.content.decode()) is (day[:4] not in ("0001", "9999"))
    assert people.client(people.office).get(f"/office/absences.csv?day={day}").status_code == 200


@pytest.mark.policy("PA-13")
def test_a_child_who_left_that_day_is_marked_and_not_counted(people, clock):
    report(people, clock)
    assert LEFT_THAT_DAY not in sheet_of(people, "2026-11-11")
    Pupil.objects.filter(pk=people.mali.pk).update(left_on=date(2026, 11, 11))
    page = sheet_of(people, "2026-11-11")
    assert "Mali Bowen" in page and LEFT_THAT_DAY in page and "ring" not in page
    assert "1 child" not in page and rows_of(people, "2026-11-11")[0]["To do"] == LEFT_THAT_DAY
    assert "Mali Bowen" in sheet_of(people, FIRST) and LEFT_THAT_DAY not in sheet_of(people, FIRST)
    assert "Mali Bowen" not in sheet_of(people, "2026-11-12")
    assert board_on(people, clock, "2026-11-11") == (False, False)


@pytest.mark.policy("PA-13")
def test_two_parents_reports_of_one_absence_are_one_line(people, clock):
    report(people, clock, note="A cold")
    clock.set("2026-11-10 07:40")
    submit_absence(people, people.client(people.gareth), note="Her father rang in", phone="07700 900777")
    page = sheet_of(people, FIRST)
    assert page.count("Mali Bowen") == 1 and ONE_CHILD_AWAY % {"number": "1"} in page
    assert f"{ALSO_REPORTED_BY} {people.nia.name}, Tue 10 Nov, 07:15 · 07700 900142" in page
    assert "A cold" in page and "Her father rang in" in page and "07700 900777" in page
    (row,) = rows_of(people, FIRST)
    assert row["By"] == f"{people.gareth.name}, {people.nia.name}"


def test_one_parent_who_reports_again_is_named_once(people, clock):
    report(people, clock)
    report(people, clock, "2026-11-11")
    assert ALSO_REPORTED_BY not in sheet_of(people, "2026-11-11")


@pytest.mark.policy("PA-13")
def test_the_download_has_the_numbers_and_dates_of_sims(people, clock):
    Pupil.objects.filter(pk=people.mali.pk).update(upn="", admission_number="001204")
    report(people, clock, back="date", back_date="2026-11-12", note="=HYPERLINK(1)", phone="+447700900142")
    (row,) = rows_of(people, FIRST)
    assert (row["UPN"], row["Admission number"]) == ("", "001204")
    assert (row["Day"], row["First day"], row["Back"]) == ("10/11/2026", "10/11/2026", "12/11/2026")
    assert row["Told"] == "10/11/2026 07:15"
    assert (row["Note"], row["Number"]) == ("'=HYPERLINK(1)", "07700 900142")


def test_the_sheet_of_a_day_is_for_office_and_safeguarding(people, clock):
    report(people, clock)
    assert "Mali Bowen" in sheet_of(people, FIRST)
    for who in (people.deputy, people.nia, people.dylan, people.celyn):
        assert people.client(who).get(f"/office/absences/?day={FIRST}").status_code in (403, 404)


def test_the_sheet_has_a_button_that_prints(people, clock):
    clock.set("2026-11-10 09:00")
    assert re.search(r"<button[^>]* data-print", page_text(people.client(people.office), "/office/absences/"))
