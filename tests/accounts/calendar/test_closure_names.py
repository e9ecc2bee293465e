"""Which events are suggested as closures.

A closure delays every pending message.
"""

from datetime import date

import pytest

from accounts.calendar.ics_diff import ADD, IGNORE, compare
from accounts.calendar.ics_reader import read_events
from accounts.models.school import Closure

TODAY = date(2026, 11, 10)

# (name, first day, day after the last). The terms of `people`: until 18 Dec; 4 Jan to 26 Mar 2027.
SHUT = [
    ("Half term", "20270215", "20270220", "half_term"),
    ("Half-term holiday", "20270215", "20270220", "half_term"),
    ("School closed for half term", "20270215", "20270220", "half_term"),
    ("School closes for half-term", "20270215", "20270220", "half_term"),
    ("Spring Half Term Break 15th - 19th February 2027", "20270215", "20270220", "half_term"),
    ("Hanner tymor", "20270215", "20270220", "half_term"),
    ("Gwyliau Hanner Tymor y Gwanwyn", "20270215", "20270220", "half_term"),
    ("Ysgol ar gau - hanner tymor", "20270215", "20270220", "half_term"),
    ("INSET day", "20270118", "20270119", "inset"),
    ("INSET Day 3 (school closed to pupils)", "20270118", "20270119", "inset"),
    ("INSET: curriculum and safeguarding", "20270118", "20270119", "inset"),
    ("Staff Training Day - no school for pupils", "20270118", "20270119", "inset"),
    ("Diwrnod HMS", "20270118", "20270119", "inset"),
    ("HMS - dim ysgol i ddisgyblion", "20270118", "20270119", "inset"),
    ("School closed", "20270118", "20270119", "closed"),
    ("School closed due to snow", "20270118", "20270119", "closed"),
    ("School closed: polling station", "20270118", "20270119", "closed"),
    ("Emergency school closure (no heating)", "20270118", "20270119", "closed"),
    ("School closed to all pupils", "20270118", "20270119", "closed"),
    ("Ysgol ar gau oherwydd eira", "20270118", "20270119", "closed"),
]
OPEN = [
    "Last day before half term",
    "School closes for half term at the end of the day",
    "School closes for half term",
    "We break up for half term",
    "Children return after half-term",
    "First day back after the Christmas holidays",
    "School reopens after half term",
    "Start of half term",
    "Half term begins",
    "Half term",  # one day alone marks where it begins
    "Half Term Disco",
    "Half term reports go home",
    "Half-term holiday club booking opens",
    "Half term football camp",
    "Holiday homework due",
    "Christmas holiday raffle",
    "School closes 1.30pm for Easter",
    "School closed from 12 noon",
    "School closed after school for a staff meeting",
    "Early closure",
    "Library closed",
    "Breakfast club closed",
    "Main office closed",
    "Nursery closed",
    "Nominations for governors closed",
    "Road closure outside school",
    "School closed to visitors",
    "School not closed - polling day elsewhere",
    "Twilight INSET",
    "INSET evening for governors",
    "INSET day reminder",
    "Day before INSET",
    "INSET cancelled",
    "INSET (provisional)",
    "Staff training 3.30pm",
    "Diwrnod olaf cyn hanner tymor",
    "Disgo hanner tymor",
    "Ysgol yn cau am hanner tymor",
    "Ysgol yn cau am hanner tymor, 3.15pm",
    "Plant yn dychwelyd ar ôl hanner tymor",
    "Ysgol ar gau o hanner dydd",
    "HMS gyda'r nos",
    "Clwb gwyliau",
]


def event(name: str, first: str, after: str, uid: str = "a") -> str:
    days = f"DTSTART;VALUE=DATE:{first}\r\nDTEND;VALUE=DATE:{after}\r\n"
    return f"BEGIN:VEVENT\r\nUID:{uid}\r\n{days}SUMMARY:{name}\r\nEND:VEVENT\r\n"


def timed(name: str, day: str = "20261211", begins: str = "133000", ends: str = "150000") -> str:
    hours = f"DTSTART;TZID=Europe/London:{day}T{begins}\r\nDTEND;TZID=Europe/London:{day}T{ends}\r\n"
    return f"BEGIN:VEVENT\r\nUID:t\r\n{hours}SUMMARY:{name}\r\nEND:VEVENT\r\n"


def conversation_overseen(*events: str):
    data = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join(events) + "END:VCALENDAR\r\n"
    return compare(read_events(data.encode()), today=TODAY)


@pytest.fixture
def empty_calendar(people) -> None:
    Closure.objects.all().delete()


@pytest.mark.parametrize("name, first, after, kind", SHUT)
def test_days_without_school_are_suggested(empty_calendar, name, first, after, kind):
    (item,) = conversation_overseen(event(name, first, after))
    assert (item.state, item.kind) == (ADD, kind)


@pytest.mark.parametrize("name", OPEN)
def test_an_open_day_is_never_suggested_as_a_closure(empty_calendar, name):
    (item,) = conversation_overseen(event(name, "20270212", "20270213"))
    assert (item.state, item.kind) == (IGNORE, "leave")
    assert item.why and item.may_choose


def test_a_closure_over_all_lessons_is_a_whole_day(people):
    (item,) = conversation_overseen(timed("School closed: polling station", begins="090000", ends="153000"))
    assert (item.state, item.kind) == (ADD, "closed")
