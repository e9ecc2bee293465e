from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.calendar.hours import school_hours
from classes.short_names import board_initials, board_names
from points.rules import (
    Week,
    goal_begins,
    noticed_since,
    period_began,
    school_weeks,
    week_began,
)
from tests.clock import at

TODAY = date(2026, 11, 10)


def test_names_on_the_board_are_first_names():
    assert board_names([("Mali", "Bowen"), ("Efa", "Price")]) == ["Mali", "Efa"]


def test_two_who_share_a_name_get_an_initial():
    children = [("Rhys", "Bowen"), ("rhys", "Morgan"), ("Theo", "Morgan"), ("Rhys", "")]
    assert board_names(children) == ["Rhys B.", "rhys M.", "Theo", "Rhys"]


@pytest.mark.parametrize(
    "surnames, names",
    [
        (["Rees", "Roberts", "Thomas"], ["Freya Re.", "Freya Ro.", "Freya T."]),
        (["Rees", "rees", "Roberts"], ["Freya Re. 1", "Freya re. 2", "Freya Ro."]),
        (["Re", "Rees"], ["Freya Re.", "Freya Ree."]),
        (["Ŵen", "Ŵyn"], ["Freya Ŵe.", "Freya Ŵy."]),
    ],
)
def test_names_have_as_few_letters_as_distinguish_them(surnames, names):
    assert board_names([("Freya", surname) for surname in surnames]) == names


def test_initials_are_lengthened_only_where_two_share_them():
    children = [("Mali", "Bowen"), ("Mair", "Brown"), ("Efa", "Price"), ("Eira", "Price"), ("Osian", "")]
    assert board_initials(children) == ["MBo", "MBr", "EP 1", "EP 2", "O"]


NAME = st.text("aAbBcé", min_size=1, max_size=4)


@given(st.lists(st.tuples(NAME, NAME), max_size=12))
def test_no_two_children_have_one_name_on_the_board(children):
    for names in (board_names(children), board_initials(children)):
        assert len({name.casefold() for name in names}) == len(children)


@pytest.mark.parametrize(
    "today, days, since",
    [
        (date(2026, 11, 10), 1, date(2026, 11, 10)),
        (date(2026, 11, 10), 5, date(2026, 11, 4)),
        (date(2026, 11, 8), 5, date(2026, 11, 2)),
        (date(2026, 11, 3), 5, date(2026, 10, 21)),
        (date(2026, 9, 2), 5, date(2026, 9, 1)),
        (date(2026, 8, 20), 5, date(2026, 8, 20)),
    ],
)
def test_school_days_are_counted_without_weekends_and_half_term(people, today, days, since):
    assert noticed_since(today, school_hours(people.school), days) == since


def test_a_changed_goal_keeps_its_points_and_a_reached_one_ends():
    monday, friday = at("2026-11-02 09:00"), at("2026-11-06 09:00")
    assert goal_begins(100, monday, gathered=99, at=friday) == monday
    assert goal_begins(100, monday, gathered=100, at=friday) == friday


def test_the_chart_does_not_reach_behind_its_period(people):
    weeks = school_weeks(TODAY, school_hours(people.school), [date(2026, 9, 7)], since=date(2026, 11, 4))
    assert [week.monday for week in weeks] == [date(2026, 11, 2), date(2026, 11, 9)]


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
