from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import translation

from accounts import hooks
from accounts.calendar.hours import bank_holidays, banner_text, school_hours
from accounts.calendar.services import change_calendar
from accounts.models.audit import AuditEntry
from accounts.models.school import Closure, School, WorkingHours
from tests.clock import at
from tests.sentences.accounts import (
    ARRIVES_LATER,
    ARRIVES_NOW_ANSWER_NEXT_SCHOOL_DAY,
    ARRIVES_NOW_ANSWER_SOON,
    ARRIVES_NOW_ANSWER_TODAY_OR_LATER,
    QUIET_UNTIL_NEXT_TERM,
)


def banner(people, text, clock, **how):
    clock.set(text)
    return banner_text(School.objects.here(), **how)


@pytest.mark.policy("TE-5", "PA-6")
@pytest.mark.parametrize(
    "moment, state, title",
    [
        ("2026-11-10 08:29:59", "quiet", "Quiet until Tuesday 08:30"),
        ("2026-11-10 08:30:00", "open", "School is open"),
        ("2026-11-10 09:00:00", "teaching", "Lessons are on"),
        ("2026-11-10 15:30:00", "open", "School is open"),
        ("2026-11-10 16:59:59", "open", "School is open"),
        ("2026-11-10 17:00:00", "quiet", "Quiet until Wednesday 08:30"),
        ("2026-11-13 20:00:00", "quiet", "Quiet until Monday 08:30"),
        ("2026-10-23 20:00:00", "quiet", "Quiet until Monday 08:30"),
    ],
)
def test_banner_shows_the_state_of_now(people, clock, moment, state, title):
    said = banner(people, moment, clock)
    assert (said.state, said.title) == (state, title)


def test_half_term_is_quiet_to_its_end(people, clock):
    said = banner(people, "2026-10-23 20:00", clock)
    assert "Monday 2 November" in said.body


@pytest.mark.policy("PA-12")
def test_the_banner_says_what_to_expect_of_an_answer(people, clock):
    assert ARRIVES_NOW_ANSWER_SOON in banner(people, "2026-11-10 08:45", clock).body
    assert ARRIVES_NOW_ANSWER_TODAY_OR_LATER in banner(people, "2026-11-10 16:00", clock).body
    assert ARRIVES_NOW_ANSWER_NEXT_SCHOOL_DAY in banner(people, "2026-11-10 16:45", clock).body
    quiet = banner(people, "2026-11-10 20:00", clock).body
    assert ARRIVES_LATER % {"day": "Wednesday 11 November", "time": "08:30"} in quiet


@pytest.mark.parametrize("staff", [False, True])
def test_welsh_weekday_appears_once(people, clock, staff):
    with translation.override("cy"):
        said = banner(people, "2026-11-13 20:00", clock, staff=staff)
    words = f"{said.title} {said.body}".lower()
    assert "dydd llun 16 tachwedd" in words and "08:30" in words and "ddydd dydd" not in words


def test_past_the_last_term_the_banner_promises_no_day(people, clock):
    said = banner(people, "2027-07-20 18:00", clock)
    assert said.title == QUIET_UNTIL_NEXT_TERM


def test_bank_holidays_of_wales_are_known_for_a_year_ahead():
    soon = datetime.now(UTC).date() + timedelta(days=365)
    known = bank_holidays({2026, 2027, soon.year})
    assert {date(2026, 12, 25), date(2027, 3, 26), date(2027, 3, 29), date(2027, 5, 3)} <= known
    assert len({day for day in known if day.year == soon.year}) >= 8


def test_calendar_change_applies_at_once_with_audit_entry(people):
    assert school_hours().is_open(at("2026-11-11 10:00"))
    with change_calendar(by=people.actor(people.office), why="INSET"):
        Closure.objects.create(kind="inset", name="INSET", starts=date(2026, 11, 11), ends=date(2026, 11, 11))
    assert not school_hours().is_open(at("2026-11-11 10:00"))
    assert AuditEntry.objects.get(verb="calendar.changed").detail["why"] == "INSET"


def test_hours_can_differ_by_weekday(people):
    with change_calendar(by=None, why="early Friday"):
        WorkingHours.objects.filter(weekday=4).update(working_end=time(15, 30), reply_end=time(15, 30))
    assert not school_hours().is_open(at("2026-11-13 15:30"))
    assert school_hours().is_open(at("2026-11-12 15:30"))


def test_a_change_that_is_rolled_back_leaves_no_hours_behind(people):
    closed = {"kind": "inset", "name": "INSET"}
    with suppress(RuntimeError), change_calendar(by=None, why="first"):
        Closure.objects.create(starts=date(2026, 11, 11), ends=date(2026, 11, 11), **closed)
        raise RuntimeError
    with change_calendar(by=None, why="second"):
        Closure.objects.create(starts=date(2026, 11, 12), ends=date(2026, 11, 12), **closed)
    assert school_hours().is_open(at("2026-11-11 10:00"))
    assert not school_hours().is_open(at("2026-11-12 10:00"))


def test_a_rescheduler_that_fails_leaves_the_calendar_as_it_was(people):
    def fails(hours):
        raise RuntimeError

    hooks.reschedule.register(fails)
    try:
        with pytest.raises(RuntimeError), change_calendar(by=None, why="broken"):
            Closure.objects.create(
                kind="inset", name="INSET", starts=date(2026, 11, 11), ends=date(2026, 11, 11)
            )
    finally:
        hooks.reschedule.unregister(fails)
    with change_calendar(by=None, why="whole"):
        pass
    assert school_hours().is_open(at("2026-11-11 10:00"))
