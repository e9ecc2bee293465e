"""The calendar page, its warnings, and what the database refuses."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.calendar.hours import forget_hours, school_hours
from accounts.calendar.overview import (
    calendar_warnings,
    fortnight,
    now_text,
    read_calendar,
    week,
    why_no_school,
)
from accounts.models.audit import AuditEntry
from accounts.models.school import Closure, School, Term, WorkingHours
from tests.clock import at
from tests.sentences.accounts import (
    ANSWER_MAY_COME_TODAY,
    ANSWERS_COME_SOON,
    BANK_HOLIDAYS_UNKNOWN,
    CHECK_THE_YEAR,
    CLOSURE_OUTSIDE_TERMS,
    CLOSURE_TOO_LONG,
    HOURS_END_BEFORE_THEY_BEGIN,
    LAST_DAY_BEFORE_FIRST,
    LESSONS_OUTSIDE_WORK,
    NO_DAY_HAS_HOURS,
    QUICK_ANSWERS_OUTSIDE_WORK,
    REPLIES_OUTSIDE_WORK,
    SCHOOL_TERMS_OVERLAP,
    STAFF_ARE_AT_WORK,
    SUBSTITUTE_BANK_HOLIDAY,
    TERM_TOO_LONG,
    UNTIL_NEXT_TERM_IS_ENTERED,
)


def page(people, who, language="en") -> str:
    client = people.client(who)
    client.cookies["django_language"] = language
    return client.get("/calendar/").content.decode()


def close(first: date, last: date | None = None, kind: str = "inset", name: str = "INSET day") -> None:
    Closure.objects.create(kind=kind, name=name, starts=first, ends=last or first)
    forget_hours()


def calendar():
    return read_calendar(School.objects.here())


@pytest.mark.policy("TE-5", "PA-12")
@pytest.mark.parametrize(
    "moment, state, until, arrives",
    [
        ("2026-11-10 08:45", ANSWERS_COME_SOON, "Tuesday 10 November, 09:00", ""),
        ("2026-11-10 10:00", "Lessons", "Tuesday 10 November, 15:30", ""),
        ("2026-11-10 16:00", ANSWER_MAY_COME_TODAY, "Tuesday 10 November, 16:30", ""),
        ("2026-11-10 16:45", STAFF_ARE_AT_WORK, "Tuesday 10 November, 17:00", ""),
        ("2026-11-13 17:00", "Quiet hours", "Monday 16 November, 08:30", "Monday 16 November, 08:30"),
        ("2027-07-20 17:00", "Quiet hours", "", UNTIL_NEXT_TERM_IS_ENTERED),
    ],
)
def test_page_shows_state_its_end_and_next_arrival(people, moment, state, until, arrives):
    now = now_text(school_hours(), at(moment))
    assert (now.state, now.until, now.arrives) == (state, until, arrives)


@pytest.mark.parametrize(
    "day, why",
    [
        (date(2026, 11, 14), "Weekend"),
        (date(2026, 10, 27), "Half-term"),
        (date(2026, 12, 19), "Weekend"),
        (date(2026, 12, 21), "Outside every term"),
        (date(2027, 3, 26), "Good Friday"),
        (date(2026, 12, 28), SUBSTITUTE_BANK_HOLIDAY % {"day": "Boxing Day"}),
        (date(2026, 11, 11), ""),
    ],
)
def test_a_day_without_school_says_why(people, day, why):
    assert why_no_school(calendar(), day) == why


def test_a_closure_says_its_kind_and_its_name(people):
    close(date(2026, 11, 11), kind="closed", name="Snow")
    assert why_no_school(calendar(), date(2026, 11, 11)) == "School closed: Snow"


def test_the_fortnight_has_fourteen_days_of_which_one_is_today(people):
    days = fortnight(calendar(), date(2026, 11, 10))
    assert [day.on for day in days][::13] == [date(2026, 11, 10), date(2026, 11, 23)]
    assert [day.on for day in days if day.is_today] == [date(2026, 11, 10)]
    assert sum(day.hours is not None for day in days) == 10


@pytest.mark.parametrize("sunday, text", [(date(2026, 10, 25), "go back"), (date(2027, 3, 28), "go forward")])
def test_only_the_day_of_a_clock_change_is_marked(people, sunday, text):
    marked = [day for day in fortnight(calendar(), date(sunday.year, sunday.month, 20)) if day.clocks]
    assert [day.on for day in marked] == [sunday] and text in marked[0].clocks


def test_week_shows_weekend_days_only_with_school(people):
    assert len(week(school_hours())) == 5
    WorkingHours.objects.create(weekday=5)
    forget_hours()
    assert [name for name, hours in week(school_hours())][-1] == "Saturday"


def wrong(moment: str) -> str:
    return " ".join(calendar_warnings(calendar(), at(moment)))


def test_a_calendar_that_is_right_has_no_warning(people):
    assert wrong("2026-11-10 10:00") == ""


def test_warning_comes_sixty_days_before_the_last_term_ends(people):
    assert "60 days" not in wrong("2027-05-21 10:00")
    assert "60 days" in wrong("2027-05-22 10:00")


def test_warnings_of_long_quiet_and_misplaced_closures(people):
    close(date(2026, 12, 28), name="Roof")
    Term.objects.filter(name="Spring 2027").update(starts=date(2027, 1, 11))
    forget_hours()
    text = wrong("2026-12-19 10:00")
    assert "Monday 11 January, 08:30" in text and CLOSURE_OUTSIDE_TERMS % {"name": "Roof"} in text


def test_it_warns_where_no_day_has_hours(people):
    WorkingHours.objects.all().delete()
    forget_hours()
    assert NO_DAY_HAS_HOURS in wrong("2026-11-10 10:00")


def test_it_warns_where_bank_holidays_are_not_known(people, monkeypatch):
    monkeypatch.setattr("accounts.calendar.overview._bank_holidays", lambda year: {})
    assert BANK_HOLIDAYS_UNKNOWN in wrong("2026-11-10 10:00")


def test_office_sees_warnings_families_see_opening_times(people, clock):
    Term.objects.exclude(name="Autumn 2026").delete()
    forget_hours()
    ours, others = page(people, people.office), page(people, people.nia)
    assert "60 days" in ours and "/calendar/close/" in ours
    assert "60 days" not in others and "/calendar/close/" not in others and "/calendar/file/" not in others
    assert "Lessons" in others and "Tuesday 10 November" in others


def test_the_page_names_bank_holidays_in_welsh(people, clock):
    clock.set("2027-03-22 10:00")
    assert "Dydd Gwener y Groglith" in page(people, people.nia, "cy")


def test_query_count_does_not_grow_with_the_calendar(people, django_assert_max_num_queries):
    client = people.client(people.celyn)
    client.get("/calendar/")
    for day in range(12, 21):
        close(date(2026, 11, day))
    client.get("/calendar/")
    with django_assert_max_num_queries(15):
        assert client.get("/calendar/").status_code == 200


DAY = {"working_start": "08:30", "working_end": "17:00", "reply_start": "08:30", "reply_end": "16:30"}
DAY |= {"arrival_start": "08:30", "arrival_end": "15:30", "teaching_start": "09:00", "teaching_end": "15:30"}


@pytest.mark.parametrize(
    "path, data, sentence",
    [
        ("calendar/terms/new", {"starts": "2026-12-01", "ends": "2027-01-31"}, SCHOOL_TERMS_OVERLAP),
        ("calendar/terms/new", {"starts": "2028-01-31", "ends": "2028-01-01"}, LAST_DAY_BEFORE_FIRST),
        ("calendar/terms/new", {"starts": "2028-01-01", "ends": "2028-12-31"}, TERM_TOO_LONG),
        ("calendar/terms/new", {"starts": "0002-01-01", "ends": "0002-02-01"}, CHECK_THE_YEAR),
        (
            "calendar/closures/new",
            {"kind": "inset", "starts": "2026-11-12", "ends": "2026-11-11"},
            LAST_DAY_BEFORE_FIRST,
        ),
        (
            "calendar/closures/new",
            {"kind": "closed", "starts": "2026-11-12", "ends": "2027-11-12"},
            CLOSURE_TOO_LONG,
        ),
        (
            "calendar/closures/new",
            {"kind": "closed", "starts": "9998-11-12", "ends": "9998-11-12"},
            CHECK_THE_YEAR,
        ),
        ("set-up/hours/5", DAY | {"reply_end": "08:00"}, HOURS_END_BEFORE_THEY_BEGIN),
        ("set-up/hours/5", DAY | {"teaching_end": "17:30"}, LESSONS_OUTSIDE_WORK),
        ("set-up/hours/5", DAY | {"reply_end": "17:30"}, REPLIES_OUTSIDE_WORK),
        ("set-up/hours/5", DAY | {"arrival_start": "08:00"}, QUICK_ANSWERS_OUTSIDE_WORK),
    ],
)
def test_what_cannot_be_gets_a_sentence_on_the_form(people, path, data, sentence):
    rows = Term.objects.count() + Closure.objects.count() + WorkingHours.objects.count()
    who = people.office if path.startswith("calendar") else people.head
    answer = people.client(who).post(f"/{path}/", {"name": "New"} | data)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert Term.objects.count() + Closure.objects.count() + WorkingHours.objects.count() == rows


@pytest.mark.parametrize(
    "make, name",
    [
        (lambda: term("2026-12-01", "2027-01-31"), "terms_do_not_overlap"),
        (lambda: term("2026-12-18", "2026-12-20"), "terms_do_not_overlap"),
        (lambda: term("2028-01-31", "2028-01-01"), "term_ends_after_start"),
        (lambda: term("2028-01-01", "2028-12-31"), "term_lasts_less_than_a_year"),
        (lambda: term("2101-01-01", "2101-01-31"), "term_in_living_memory"),
        (lambda: closed("2026-01-01", "2026-12-31"), "closure_is_shorter_than_a_term"),
        (lambda: closed("1999-12-31", "2000-01-02"), "closure_in_living_memory"),
        (lambda: WorkingHours.objects.update(teaching_end=time(17, 30)), "hours_teaching_inside_working"),
        (lambda: WorkingHours.objects.update(reply_end=time(17, 30)), "hours_reply_inside_working"),
        (lambda: WorkingHours.objects.update(arrival_start=time(8)), "hours_arrival_inside_working"),
    ],
)
def test_the_database_refuses_what_cannot_be(people, make, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()


def term(first: str, last: str) -> Term:
    return Term.objects.create(name="New", starts=first, ends=last)


def closed(first: str, last: str) -> Closure:
    return Closure.objects.create(kind="closed", name="New", starts=first, ends=last)


def test_terms_that_touch_do_not_overlap(people):
    term("2026-12-19", "2026-12-23")
    with pytest.raises(ValidationError):
        Term(name="Again", starts=date(2026, 12, 23), ends=date(2026, 12, 24)).full_clean()


@pytest.mark.parametrize("who", ["office", "deputy"])
def test_closure_entered_by_hand_applies_at_once(people, who):
    client = people.client(getattr(people, who))
    data = {"kind": "closed", "name": "Snow", "starts": "2026-11-11", "ends": "2026-11-11"}
    assert client.post("/calendar/closures/new/", data).status_code == 302
    assert not school_hours().is_school_day(date(2026, 11, 11))
    entry = AuditEntry.objects.get(verb="calendar.changed")
    assert list(entry.detail["changed"].values()) == [[None, "closed 2026-11-11 to 2026-11-11"]]


def test_neither_class_nor_parent_enters_days(people):
    data = {"kind": "closed", "name": "Snow", "starts": "2026-11-11", "ends": "2026-11-11"}
    for who in (people.celyn, people.nia):
        assert people.client(who).post("/calendar/closures/new/", data).status_code == 404
    assert not Closure.objects.filter(name="Snow").exists()
