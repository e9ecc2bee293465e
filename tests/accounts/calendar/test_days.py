"""Office and leaders close school, and keep terms and days without school, on pages."""

from datetime import date, time
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.calendar.days import DaysGone, DaysOver, DaysRefused, close_school, remove_days, save_days
from accounts.calendar.hours import forget_hours
from accounts.models.audit import AuditEntry
from accounts.models.school import Closure, Term
from messaging.conversations.services.send import send_message
from messaging.models.conversations import Message
from tests.clock import at
from tests.sentences.accounts import (
    CLOSED_ALREADY,
    CLOSED_TODAY,
    CLOSED_TOMORROW,
    CLOSED_UNTIL,
    CLOSES_EARLY_TODAY,
    CLOSING_NOTIFIES_NOBODY,
    DAYS_ARE_OVER,
    LAST_DAY_BEFORE_FIRST,
    NO_LONGER_IN_CALENDAR,
    NO_SCHOOL_ANYWAY,
    ONE_HAS_MOVED,
    OPENS_NEXT,
    SCHOOL_TERMS_OVERLAP,
    SOME_HAVE_MOVED,
    TAKEN_OUT_MEANWHILE,
)
from tests.sentences.reading import says

ASKED = {"name": "Snow", "name_cy": "Eira", "first": "2026-11-11", "last": "", "closes_at": ""}
SNOW = ASKED | {"confirmed": "1"}
WEDNESDAY = date(2026, 11, 11)
TERM = {"name": "Autumn 2027", "starts": "2027-09-01", "ends": "2027-12-17"}
INSET = {"kind": "inset", "name": "INSET", "starts": "2026-11-20", "ends": "2026-11-20"}


@pytest.fixture
def seven(people, clock):
    """Wednesday at seven; Nia has written in the evening before."""
    clock.set("2026-11-10 20:00")
    nia = people.actor(people.nia)
    send_message(
        pupil=people.mali, parent=people.nia, body="Her bag", by=nia, at=at("2026-11-10 20:00"), key=uuid4()
    )
    clock.set("2026-11-11 07:00")
    return people


@pytest.fixture
def head(people):
    return people.client(people.head)


def page(people, who, url="/", language="en") -> str:
    browser = people.client(who)
    browser.cookies["django_language"] = language
    return browser.get(url, follow=True).content.decode()


def changes() -> int:
    return AuditEntry.objects.filter(verb="calendar.changed").count()


def closed(first=WEDNESDAY, last=None, **more) -> Closure:
    facts = {"kind": "closed", "name": "Snow", "name_cy": "Eira", "starts": first, "ends": last or first}
    forget_hours()
    return Closure.objects.create(**facts | more)


def act(people, **more):
    facts = {"name": "Snow", "name_cy": "Eira", "first": WEDNESDAY, "last": WEDNESDAY, "closes_at": None}
    return close_school(**facts | more, by=people.actor(people.head))


# -- snow at seven
@pytest.mark.policy("TE-4", "TE-5", "PA-6")
def test_snow_at_seven_closes_school_moves_what_waits_and_says_so(seven, head):
    assert says(head.get("/calendar/close/").content.decode(), CLOSING_NOTIFIES_NOBODY)
    done = head.post("/calendar/close/", SNOW, follow=True).content.decode()
    moved = AuditEntry.objects.get(verb="calendar.changed").detail["moved"]
    assert moved and says(done, SOME_HAVE_MOVED if moved > 1 else ONE_HAS_MOVED, number=moved)
    assert says(done, OPENS_NEXT, day="Thursday 12 November, 08:30") and says(done, CLOSING_NOTIFIES_NOBODY)
    assert Message.objects.get().release_at == at("2026-11-12 08:30")


@pytest.mark.parametrize("url", ["/news/", "/points/", "/messages/", "/calendar/", "/write/"])
def test_every_page_of_a_family_says_at_once_that_school_is_closed(seven, head, url):
    assert not says(page(seven, seven.nia, url), CLOSED_TODAY)
    head.post("/calendar/close/", SNOW)
    assert says(page(seven, seven.nia, url), CLOSED_TODAY, why="Snow", day="Wednesday 11 November")
    assert "Eira" in page(seven, seven.nia, url, "cy")


def test_the_notice_costs_a_page_no_query(seven):
    browser = seven.client(seven.nia)
    browser.get("/calendar/")
    with CaptureQueriesContext(
        connection,
    ) as before:
        browser.get("/calendar/")
    act(seven)
    browser.get("/calendar/")
    with CaptureQueriesContext(connection) as after:
        browser.get("/calendar/")
    assert len(after) == len(before)


@pytest.mark.parametrize(
    "moment, facts, sentence",
    [
        ("2026-11-10 18:00", {}, CLOSED_TOMORROW),
        ("2026-11-11 23:59", {}, CLOSED_TODAY),
        ("2026-11-11 07:00", {"last": date(2026, 11, 13)}, CLOSED_UNTIL),
        ("2026-11-11 07:00", {"closes_at": time(13)}, CLOSES_EARLY_TODAY),
        ("2026-11-12 00:00", {}, None),
        ("2026-11-09 23:59", {}, None),
        ("2026-11-11 07:00", {"kind": "inset"}, None),
        ("2026-11-11 07:00", {"kind": "inset", "closes_at": time(13)}, CLOSES_EARLY_TODAY),
    ],
)
def test_the_notice_is_of_today_and_tomorrow_and_of_what_was_not_planned(
    people, clock, moment, facts, sentence
):
    clock.set(moment)
    closed(**facts)
    shown = page(people, people.nia, "/calendar/")
    possible = (CLOSED_TODAY, CLOSED_TOMORROW, CLOSED_UNTIL, CLOSES_EARLY_TODAY)
    assert [each for each in possible if says(shown, each)] == ([sentence] if sentence else [])


def test_a_weekend_is_no_news(people, clock):
    clock.set("2026-11-14 07:00")
    closed(first=date(2026, 11, 13), last=date(2026, 11, 16))
    assert not says(page(people, people.nia, "/calendar/"), CLOSED_UNTIL)


def test_closing_twice_closes_school_once(seven, head):
    places = [head.post("/calendar/close/", SNOW).url for _ in range(2)]
    assert places[0] == places[1] and Closure.objects.filter(kind="closed").count() == 1 and changes() == 1


@pytest.mark.parametrize(
    "facts, sentence",
    [
        ({"name": "Frost"}, CLOSED_ALREADY),
        ({"first": "2026-11-14"}, NO_SCHOOL_ANYWAY),
        ({"first": "2026-12-22"}, NO_SCHOOL_ANYWAY),
        ({"first": "2026-11-10"}, DAYS_ARE_OVER),
        ({"last": "2026-11-10"}, LAST_DAY_BEFORE_FIRST),
    ],
)
def test_a_closing_that_changes_nothing_is_refused_and_loses_no_word(seven, head, facts, sentence):
    closed()
    answer = head.post("/calendar/close/", SNOW | {"name": "Ice"} | facts)
    assert answer.status_code == 422 and says(answer.content.decode(), sentence)
    assert (SNOW | {"name": "Ice"} | facts)["name"] in answer.content.decode()
    assert Closure.objects.filter(kind="closed").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"name": "\u200b"}, {"name": ""}, {"name_cy": ""}, {"first": "0000-00-00"}, {"first": "2026-11-11\0"},
     {"closes_at": "25:00"}, {"first": "1900-01-01"}, {"last": "9999-12-31"}, {"name": "x" * 81}],
)  # fmt: skip
def test_nonsense_closes_nothing(seven, head, wrong):
    assert head.post("/calendar/close/", SNOW | wrong).status_code == 422
    assert not Closure.objects.filter(kind="closed").exists()


def test_school_opens_again_and_what_waits_moves_back(seven, head):
    closure, _moved = act(seven)
    assert head.post(f"/calendar/closures/{closure.pk}/remove/").url == "/calendar/days/"
    assert Message.objects.get().release_at == at("2026-11-11 08:30")
    assert not says(page(seven, seven.nia, "/calendar/"), CLOSED_TODAY)


# -- terms and days without school
def test_a_term_is_added_changed_and_removed(people, head):
    assert head.post("/calendar/terms/new/", TERM).url == "/calendar/days/"
    term = Term.objects.get(name="Autumn 2027")
    url = f"/calendar/terms/{term.pk}/"
    assert says(head.get("/calendar/days/").content.decode(), "Wednesday 1 September 2027")
    head.post(url, TERM | {"ends": "2027-12-16"} | {f"initial-{name}": was for name, was in TERM.items()})
    assert Term.objects.get(pk=term.pk).ends == date(2027, 12, 16)
    assert head.get(f"{url}remove/").status_code == 200 and Term.objects.filter(pk=term.pk).exists()
    head.post(f"{url}remove/")
    assert not Term.objects.filter(pk=term.pk).exists() and changes() == 3


def test_a_single_inset_day_is_added_and_what_waits_for_it_moves(people, clock, head):
    clock.set("2026-11-19 18:00")
    nia, now = people.actor(people.nia), at("2026-11-19 18:00")
    send_message(pupil=people.mali, parent=people.nia, body="Her bag", by=nia, at=now, key=uuid4())
    head.post("/calendar/closures/new/", INSET)
    assert Message.objects.get().release_at == at("2026-11-23 08:30")


@pytest.mark.parametrize(
    "url, sent, sentence",
    [
        ("terms", TERM | {"starts": "2027-07-01"}, SCHOOL_TERMS_OVERLAP),
        ("terms", TERM | {"ends": "2027-08-01"}, LAST_DAY_BEFORE_FIRST),
        ("closures", INSET | {"ends": "2026-11-01"}, LAST_DAY_BEFORE_FIRST),
        ("closures", INSET | {"kind": "party"}, ""),
    ],
)
def test_what_the_database_refuses_is_said_in_words(people, head, url, sent, sentence):
    answer = head.post(f"/calendar/{url}/new/", sent)
    assert answer.status_code == 422 and says(answer.content.decode(), sentence)
    assert changes() == 0


def test_adding_twice_adds_once(people, head):
    for _ in range(2):
        head.post("/calendar/closures/new/", INSET)
    assert Closure.objects.filter(kind="inset").count() == 1 and changes() == 1


def test_of_an_old_page_only_what_was_changed_on_it_is_saved(people, head):
    closure = closed(kind="inset", name="INSET", name_cy="")
    shown = {"kind": "inset", "name": "INSET", "name_cy": "", "starts": "2026-11-11", "ends": "2026-11-11"}
    Closure.objects.filter(pk=closure.pk).update(name="Staff training")
    initial = {f"initial-{name}": was for name, was in shown.items()}
    head.post(f"/calendar/closures/{closure.pk}/", shown | initial | {"name_cy": "HMS"})
    closure.refresh_from_db()
    assert (closure.name, closure.name_cy) == ("Staff training", "HMS")


def test_a_second_removal_finds_it_gone(people, head):
    url = f"/calendar/closures/{closed().pk}/remove/"
    head.post(url)
    assert says(head.post(url, follow=True).content.decode(), NO_LONGER_IN_CALENDAR)
    assert head.post("/calendar/closures/999999/remove/").status_code == 404


def test_days_removed_meanwhile_are_not_written_again(people):
    by, closure = people.actor(people.head), closed()
    remove_days(Closure(pk=closure.pk), by=by)
    with pytest.raises(DaysGone, match=TAKEN_OUT_MEANWHILE):
        save_days(closure, {"name": "Ice"}, by=by)


def test_what_is_over_stays_on_record(people, head):
    past = closed(first=date(2026, 11, 4))
    assert says(
        head.post(f"/calendar/closures/{past.pk}/remove/", follow=True).content.decode(), DAYS_ARE_OVER
    )
    with pytest.raises(DaysOver):
        remove_days(past, by=people.actor(people.head))


def test_the_service_asks_the_database_what_the_form_did_not(people):
    with pytest.raises(DaysRefused, match=SCHOOL_TERMS_OVERLAP):
        save_days(
            Term(), {"name": "x", "starts": date(2026, 9, 9), "ends": date(2026, 9, 10)},
            by=people.actor(people.head),
        )  # fmt: skip


@pytest.mark.parametrize("who", ["nia", "pritchard"])
def test_nobody_else_closes_school(people, who):
    by = people.actor(people.nia) if who == "nia" else people.actor(people.celyn)
    for deed in (
        lambda: close_school(name="x", name_cy="x", first=WEDNESDAY, last=WEDNESDAY, closes_at=None, by=by),
        lambda: save_days(Term(), {}, by=by),
        lambda: remove_days(closed(), by=by),
    ):
        with pytest.raises(PermissionDenied):
            deed()


def test_a_closures_name_follows_the_reader(people):
    closed()
    assert "Eira" in page(people, people.nia, "/calendar/", "cy")
