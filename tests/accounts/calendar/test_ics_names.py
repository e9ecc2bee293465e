"""Names of events in two languages, long names, days of a series, and lengths that no name can mean."""

from datetime import date

import pytest

from accounts.calendar.ics_diff import ADD, IGNORE, KNOWN, LEAVE
from accounts.models.school import Closure
from tests.accounts.calendar.ics import events_of, items_of, take, whole

CANCELLED = "STATUS:CANCELLED"
SERIES = [*whole("INSET day", "20270308", "20270309", uid="a"), "RRULE:FREQ=MONTHLY;COUNT=3"]


def states(*events: list[str]) -> list[str]:
    return [item.state for item in items_of(*events)]


# -- series
def test_a_moved_day_of_a_series_is_an_event_of_its_own(people):
    moved = [*whole("INSET day", "20270618", uid="a"), "RECURRENCE-ID;VALUE=DATE:20270617"]
    items = items_of(SERIES, moved)
    assert [(item.state, item.kind) for item in items] == [(IGNORE, LEAVE), (ADD, "inset")]
    gone = [*SERIES[:-1], "RECURRENCE-ID;VALUE=DATE:20270308", CANCELLED]
    take(people, events_of(moved))
    assert states(SERIES, gone) == [IGNORE, IGNORE] and Closure.objects.filter(name="INSET day").exists()


# -- names
@pytest.mark.parametrize(
    "name", ["INSET Day / Diwrnod HMS", "Diwrnod HMS | INSET Day", "INSET Day – Diwrnod HMS"]
)
def test_a_name_in_both_languages_is_stored_in_each(people, name):
    take(people, events_of(whole(name, "20270618", uid="a")))
    closure = Closure.objects.get(starts=date(2027, 6, 18))
    assert (closure.name, closure.name_cy, closure.kind) == ("INSET Day", "Diwrnod HMS", "inset")
    assert states(whole(name, "20270618", uid="b")) == [KNOWN]


@pytest.mark.parametrize(
    "name", ["INSET day - staff training", "Half term / INSET", "Ysgol ar gau - hanner tymor"]
)
def test_a_name_in_one_language_stays_whole(people, name):
    take(people, events_of(whole(name, "20270524", "20270529", uid="a")))
    closure = Closure.objects.get(starts=date(2027, 5, 24))
    assert (closure.name, closure.name_cy) == (name, "")


def test_a_long_name_is_understood_whole_and_stored_cut(people):
    name = (
        "Cofiwch, bawb, fod hwn yn ddiwrnod pwysig i holl staff yr ysgol a phob un o'r teuluoedd: diwrnod HMS"
    )
    take(people, events_of(whole(name, "20270618", uid="a")))
    assert Closure.objects.get(starts=date(2027, 6, 18)).name == name[:80].strip()
    assert states(whole(name, "20270618", uid="b")) == [KNOWN]


@pytest.mark.parametrize(
    "name, first, after",
    [
        ("Autumn half term 1", "20270405", "20270528"),
        ("INSET", "20270405", "20270430"),
        ("School closed", "20270105", "20270601"),
        ("School term", "20290903", "20300722"),
    ],
)
def test_what_is_far_too_long_for_its_name_is_left_out(people, name, first, after):
    [item] = items_of(whole(name, first, after, uid="a"))
    assert (item.state, item.kind, item.may_choose) == (IGNORE, LEAVE, True)
