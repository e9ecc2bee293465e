from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from malpas.lib.hours import LONDON, NOT_YET_KNOWN, DayHours, SchoolHours, State, Window

WEEKDAY = DayHours(
    working=Window(time(8, 30), time(17)),
    reply=Window(time(8, 30), time(16, 30)),
    arrival=Window(time(8, 30), time(15, 30)),
    teaching=Window(time(9), time(15, 30)),
)
ALWAYS = ((date(2026, 9, 1), date(2028, 12, 31)),)
EASTER_2027 = frozenset({date(2027, 3, 26), date(2027, 3, 29)})
SCHOOL = SchoolHours(week=dict.fromkeys(range(5), WEEKDAY), terms=ALWAYS, closed=EASTER_2027)


def working(start: time, end: time) -> SchoolHours:
    day = replace(WEEKDAY, working=Window(start, end))
    return SchoolHours(week=dict.fromkeys(range(7), day), terms=ALWAYS)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "opens"),
    [
        ("2026-10-22 18:00", "2026-10-23 07:30"),
        ("2026-10-23 18:00", "2026-10-26 08:30"),
        ("2027-03-24 18:00", "2027-03-25 08:30"),
        ("2027-03-25 18:00", "2027-03-30 07:30"),
        ("2027-10-28 18:00", "2027-10-29 07:30"),
        ("2027-10-29 18:00", "2027-11-01 08:30"),
        ("2028-03-23 18:00", "2028-03-24 08:30"),
        ("2028-03-24 18:00", "2028-03-27 07:30"),
    ],
)
def test_the_next_opening_is_right_around_clock_changes(before, opens):
    assert SCHOOL.next_opening(local(before)) == utc(opens)


def test_thirty_nine_wall_hours_over_the_autumn_change_are_forty():
    assert SCHOOL.next_opening(local("2026-10-24 17:00")) - local("2026-10-24 17:00").astimezone(
        UTC
    ) == timedelta(hours=40, minutes=30)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-10 08:29:59.999999", False),
        ("2026-11-10 08:30:00", True),
        ("2026-11-10 16:59:59.999999", True),
        ("2026-11-10 17:00:00", False),
    ],
)
@pytest.mark.policy("TE-4")
def test_working_hours_are_half_open(at, is_open):
    assert SCHOOL.is_open(local(at)) is is_open


def test_closing_time_is_quiet_and_the_moment_before_is_open():
    assert SCHOOL.release(local("2026-11-10 16:59:59")) == local("2026-11-10 16:59:59")
    assert SCHOOL.release(local("2026-11-10 17:00")) == local("2026-11-11 08:30")


def test_the_next_opening_is_later_than_an_opening():
    assert SCHOOL.next_opening(local("2026-11-10 08:30")) == local("2026-11-11 08:30")


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2026-11-10 08:29", State.QUIET),
        ("2026-11-10 08:30", State.ARRIVAL),
        ("2026-11-10 09:00", State.TEACHING),
        ("2026-11-10 15:29:59", State.TEACHING),
        ("2026-11-10 15:30", State.REPLY),
        ("2026-11-10 16:30", State.WORKING),
        ("2026-11-10 17:00", State.QUIET),
        ("2026-11-14 10:00", State.QUIET),
    ],
)
@pytest.mark.policy("TE-6")
@pytest.mark.policy("PA-12")
def test_the_banner_names_the_window(at, state):
    banner = SCHOOL.banner(local(at))
    assert banner.state == state
    assert (banner.arrives_at is None) is (state != State.QUIET)


def test_beyond_the_last_term_the_arrival_is_not_yet_known():
    ends = SchoolHours(week=SCHOOL.week, terms=((date(2026, 9, 1), date(2026, 12, 18)),))
    assert ends.next_opening(local("2026-12-18 16:00")) is None
    assert ends.release(local("2026-12-18 17:00")) == NOT_YET_KNOWN
    assert ends.release(local("2026-12-18 16:59")) == local("2026-12-18 16:59")
    assert SchoolHours(week={}, terms=()).release(local("2026-12-18 12:00")) == NOT_YET_KNOWN


def test_closed_days_weekends_and_days_between_terms_are_quiet():
    assert not SCHOOL.is_open(local("2027-03-26 10:00"))
    assert not SCHOOL.is_open(local("2026-11-15 10:00"))
    assert not SCHOOL.is_open(local("2026-08-31 10:00"))
    assert SCHOOL.next_opening(local("2026-07-01 10:00")) == local("2026-09-01 08:30")


def test_hours_of_the_missing_hour_have_one_meaning():
    spring = working(time(1, 15), time(1, 45)).release(local("2027-03-28 00:30"))
    assert spring == utc("2027-03-28 01:15")
    assert working(time(0, 30), time(1, 30)).is_open(utc("2027-03-28 00:45"))


def test_the_doubled_hour_means_its_first_occurrence():
    school = working(time(1, 15), time(3))
    assert school.next_opening(local("2026-10-25 00:30")) == utc("2026-10-25 00:15")
    assert school.is_open(utc("2026-10-25 00:20")) and school.is_open(utc("2026-10-25 01:20"))


INSTANTS = st.builds(
    lambda seconds: utc("2026-08-01 00:00") + timedelta(seconds=seconds), st.integers(0, 75_000_000)
)
NIGHTS = st.sampled_from(["2026-10-25", "2027-03-28", "2027-10-31", "2028-03-26", "2028-10-29"])
AROUND = st.builds(
    lambda day, seconds: utc(f"{day} 00:00") + timedelta(seconds=seconds),
    NIGHTS,
    st.integers(-3 * 86_400, 3 * 86_400),
)
MINUTES = st.integers(0, 24 * 60 - 1)


def of_minutes(start: int, end: int) -> SchoolHours:
    return working(time(start // 60, start % 60), time(end // 60, end % 60))


SCHOOLS = st.one_of(
    st.just(SCHOOL),
    st.builds(of_minutes, MINUTES, MINUTES),
    st.builds(of_minutes, st.integers(0, 90), st.integers(30, 200)),
)


@settings(max_examples=300, deadline=None)
@given(SCHOOLS, INSTANTS | AROUND)
@example(working(time(1, 15), time(1, 45)), utc("2027-03-28 00:30"))
@example(working(time(0, 30), time(1, 30)), utc("2026-10-25 00:45"))
def test_an_arrival_follows_the_writing_and_is_in_open_hours(school, at):
    arrives = school.release(at)
    assert arrives >= at
    if arrives != NOT_YET_KNOWN:
        assert school.is_open(arrives)
    assert (arrives == at) is school.is_open(at) or arrives == NOT_YET_KNOWN


@settings(max_examples=200, deadline=None)
@given(SCHOOLS, INSTANTS | AROUND, st.integers(0, 99))
def test_no_moment_between_writing_and_arrival_is_open(school, at, share):
    arrives = school.release(at)
    if at < arrives < NOT_YET_KNOWN:
        assert not school.is_open(at + (arrives - at) * share / 100)
        assert not school.is_open(arrives - timedelta(microseconds=1))


@settings(max_examples=200, deadline=None)
@given(SCHOOLS, INSTANTS | AROUND)
def test_the_next_opening_is_an_opening_and_none_lies_between(school, at):
    opening = school.next_opening(at)
    if opening is None:
        return
    assert opening > at and school.is_open(opening)
    day = school.local_date(at)
    while day <= school.local_date(opening):
        hours = school.day(day)
        if hours:
            opens, closes = (
                school.instant(day, hours.working.start),
                school.instant(day, hours.working.end),
            )
            assert not (opens < closes and at < opens < opening)
        day += timedelta(days=1)


@settings(max_examples=100, deadline=None)
@given(SCHOOLS, INSTANTS | AROUND, st.sampled_from([UTC, LONDON]))
def test_the_time_zone_of_the_input_changes_nothing(school, at, zone):
    assert school.release(at.astimezone(zone)) == school.release(at)
    assert school.state(at.astimezone(zone)) == school.state(at)


@settings(max_examples=200, deadline=None)
@given(SCHOOLS, INSTANTS | AROUND)
def test_quiet_is_the_same_as_not_open(school, at):
    assert (school.state(at) == State.QUIET) is not school.is_open(at)


@pytest.mark.parametrize(
    "written", ["2027-03-25 18:00", "2027-03-26 10:00", "2027-03-28 01:30", "2027-03-29 23:59"]
)
def test_F21_across_easter_the_wait_ends_on_the_tuesday_after_it(written):
    # Good Friday and Easter Monday are closed, and on the Sunday between them the clocks go forward.
    assert SCHOOL.release(local(written)) == utc("2027-03-30 07:30")
    assert SCHOOL.release(local("2027-03-25 16:59")) == utc("2027-03-25 16:59")


def test_F20_messages_of_the_doubled_hour_arrive_on_monday():
    for minutes in range(0, 24 * 60, 30):
        assert SCHOOL.release(utc("2026-10-24 18:00") + timedelta(minutes=minutes)) == utc("2026-10-26 08:30")


CALENDARS = st.builds(
    lambda schools, closed, opens, length: replace(
        schools,
        closed=frozenset(date(2026, 9, 1) + timedelta(days=n) for n in closed),
        terms=(
            (date(2026, 9, 1) + timedelta(days=opens), date(2026, 9, 1) + timedelta(days=opens + length)),
        ),
    ),
    SCHOOLS,
    st.sets(st.integers(0, 850), max_size=40),
    st.integers(0, 60),
    st.integers(0, 850),
)


@settings(max_examples=200, deadline=None)
@given(CALENDARS, INSTANTS | AROUND)
def test_F22_the_arrival_is_the_first_open_moment(school, at):
    arrives = school.release(at)
    assert arrives >= at
    if arrives == NOT_YET_KNOWN:
        # Nothing opens any more: no day of the term that is left has hours.
        days = (school.local_date(at) + timedelta(days=n) for n in range(1, 900))
        assert all(school._working(day) is None for day in days)
    else:
        assert school.is_open(arrives)
        assert arrives == at or not school.is_open(arrives - timedelta(microseconds=1))
        assert arrives == at or school.next_opening(at) == arrives


@settings(max_examples=200, deadline=None)
@given(CALENDARS, INSTANTS | AROUND, st.integers(0, 7 * 86_400))
def test_what_is_written_later_never_arrives_sooner(school, at, seconds):
    assert school.release(at) <= school.release(at + timedelta(seconds=seconds))


SNOW = replace(SCHOOL, early={date(2026, 11, 10): time(12, 15)})


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2026-11-10 12:14:59", State.TEACHING),
        ("2026-11-10 12:15", State.QUIET),
        ("2026-11-10 14:00", State.QUIET),
        ("2026-11-11 12:15", State.TEACHING),
    ],
)
def test_a_day_that_ends_early_is_quiet_from_then_on(at, state):
    assert SNOW.state(local(at)) == state


def test_after_an_early_end_messages_arrive_the_next_day():
    assert SNOW.release(local("2026-11-10 12:15")) == utc("2026-11-11 08:30")
    assert SNOW.release(local("2026-11-10 12:14")) == utc("2026-11-10 12:14")
    assert SNOW.until(local("2026-11-10 11:00")) == utc("2026-11-10 12:15")


def test_an_end_before_the_start_is_a_day_without_school():
    closed = replace(SCHOOL, early={date(2026, 11, 10): time(8, 30)})
    assert closed.day(date(2026, 11, 10)) is None
    assert closed.next_opening(local("2026-11-09 18:00")) == utc("2026-11-11 08:30")


@given(end=st.times(), minutes=st.integers(0, 3 * 24 * 60))
def test_an_early_end_opens_no_further_moment(end, minutes):
    at = local("2026-11-09 00:00") + timedelta(minutes=minutes)
    snow = replace(SCHOOL, early={date(2026, 11, 10): end})
    assert not snow.is_open(at) or SCHOOL.is_open(at)
    assert snow.release(at) >= SCHOOL.release(at)
    assert not (at.date() == date(2026, 11, 10) and at.time() >= end and snow.is_open(at))
