from datetime import date

import pytest

from accounts.queries import school_hours
from points.rules import Week, board_names, period_began, school_weeks, week_began
from tests.clock import at

TODAY = date(2026, 11, 10)


def test_names_on_the_board_are_first_names():
    assert board_names([("Mali", "Bowen"), ("Efa", "Price")]) == ["Mali", "Efa"]


def test_two_who_share_a_name_get_an_initial():
    children = [("Rhys", "Bowen"), ("rhys", "Morgan"), ("Theo", "Morgan"), ("Rhys", "")]
    assert board_names(children) == ["Rhys B.", "rhys M.", "Theo", "Rhys"]


@pytest.mark.parametrize(
    "now, monday",
    [
        ("2026-11-09 00:00", "2026-11-09 00:00"),
        ("2026-11-08 23:59", "2026-11-02 00:00"),
        ("2026-10-25 12:00", "2026-10-19 00:00"),
        ("2027-03-29 00:30", "2027-03-29 00:00"),
    ],
)
def test_a_week_begins_on_monday_in_london(now, monday):
    assert week_began(at(now)) == at(monday)


def test_half_term_is_a_gap(people):
    weeks = school_weeks(TODAY, school_hours(people.school), [], columns=4)
    assert weeks == [
        Week(date(2026, 10, 19)),
        Week(date(2026, 10, 26), is_gap=True),
        Week(date(2026, 11, 2)),
        Week(date(2026, 11, 9)),
    ]


def test_two_weeks_of_holiday_are_one_gap(people):
    weeks = school_weeks(date(2027, 1, 12), school_hours(people.school), [], columns=4)
    assert [(week.monday.isoformat(), week.is_gap) for week in weeks] == [
        ("2026-12-14", False),
        ("2026-12-21", True),
        ("2027-01-04", False),
        ("2027-01-11", False),
    ]


def test_points_given_in_a_holiday_have_a_column(people):
    weeks = school_weeks(TODAY, school_hours(people.school), [date(2026, 10, 26)], columns=4)
    assert not any(week.is_gap for week in weeks)


def test_the_chart_begins_with_school(people):
    weeks = school_weeks(date(2026, 9, 9), school_hours(people.school), [])
    assert [week.monday for week in weeks] == [date(2026, 8, 31), date(2026, 9, 7)]


@pytest.mark.parametrize(
    "period, began", [("term", date(2026, 9, 1)), ("year", date(2026, 9, 1)), ("all", None)]
)
def test_a_period_begins_with_the_term_or_in_september(people, period, began):
    assert period_began(period, TODAY, school_hours(people.school)) == began


def test_the_school_year_reaches_over_new_year(people):
    hours = school_hours(people.school)
    assert period_began("year", date(2027, 2, 3), hours) == date(2026, 9, 1)
    assert period_began("term", date(2027, 2, 3), hours) == date(2027, 1, 4)
