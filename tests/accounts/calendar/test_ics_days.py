"""Which days an event has: whole ones as Outlook, Google, Apple, plug-ins and old programs write them."""

from datetime import date, time

import pytest

from accounts.calendar.ics_diff import ADD, compare
from accounts.calendar.ics_reader import Trouble, read_events
from tests.accounts.calendar.ics import TODAY, bytes_of, one

CDO, MSN = "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE", "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT:TRUE"
HALF_TERM = (date(2027, 5, 31), date(2027, 6, 4))
FRIDAY = (date(2027, 6, 18), date(2027, 6, 18))
LONDON = "(UTC+00:00) Dublin, Edinburgh, Lisbon, London"


def test_whole_days_of_outlook_are_offered(people):
    items = compare(read_events(bytes_of("outlook-whole-days.ics")), today=TODAY)
    assert [(str(item.event.first), str(item.event.last)) for item in items] == [
        ("2027-05-31", "2027-06-04"),
        ("2027-06-14", "2027-06-14"),
        ("2027-06-18", "2027-06-18"),
        ("2027-06-28", "2027-06-28"),
    ]
    assert [(item.state, item.kind) for item in items] == [(ADD, "half_term"), *[(ADD, "inset")] * 3]


@pytest.mark.parametrize(
    "days, lines",
    [
        (HALF_TERM, ["DTSTART;VALUE=DATE:20270531", "DTEND;VALUE=DATE:20270605"]),
        (HALF_TERM, ["DTSTART:20270531", "DTEND:20270605"]),
        (HALF_TERM, ["DTSTART;VALUE=DATE:20270531T000000Z", "DTEND;VALUE=DATE:20270605T000000Z"]),
        (HALF_TERM, ["DTSTART;VALUE=DATE:2027-05-31", "DTEND;VALUE=DATE:2027-06-05"]),
        (HALF_TERM, ["DTSTART;VALUE=DATE:20270531", "DURATION:P5D"]),
        (HALF_TERM, ["DTSTART;VALUE=DATE:20270531", "DTEND;VALUE=DATE-TIME:20270604T153000"]),
        (HALF_TERM, ["DTSTART:20270531T000000", "DTEND:20270605T000000"]),
        (HALF_TERM, ["DTSTART:20270531T000000", "DTEND:20270604T235900"]),
        (HALF_TERM, ["DTSTART:20270531T000000", "DTEND:20270604T235959"]),
        (HALF_TERM, ["DTSTART:20270531T000000", "DURATION:PT120H"]),
        (HALF_TERM, ["DTSTART:20270530T240000", "DTEND:20270604T240000"]),
        (HALF_TERM, ["DTSTART:20270530T230000Z", "DTEND:20270604T230000Z"]),
        (HALF_TERM, ["DTSTART:20270531T000000Z", "DTEND:20270605T000000Z"]),
        (HALF_TERM, ["DTSTART:20270531T000000+01:00", "DTEND:20270605T000000+01:00"]),
        (HALF_TERM, ["DTSTART:2027-05-30T23:00:00.000Z", "DTEND:2027-06-04T23:00:00.000Z"]),
        (HALF_TERM, ["DTSTART;TZID=W. Europe Standard Time:20270531T000000", "DTEND;TZID=W. Europe Standard Time:20270605T000000"]),
        (HALF_TERM, ['DTSTART;TZID="tzone://Microsoft/Custom":20270531T000000', "DTEND:20270605T000000"]),
        (HALF_TERM, [f"DTSTART;TZID={LONDON}:20270531T000000", f'DTEND;TZID="{LONDON}":20270605T000000']),
        (HALF_TERM, [CDO, "DTSTART:20270531T000000Z", "DTEND:20270605T000000Z"]),
        (HALF_TERM, [MSN, "DTSTART:20270530T220000Z", "DTEND:20270604T220000Z"]),  # Berlin's midnight
        (HALF_TERM, [CDO, "DTSTART:20270531T040000Z", "DTEND:20270605T040000Z"]),  # New York's
        (HALF_TERM, [CDO, "DTSTART:20270531T080000", "DTEND:20270604T170000"]),
        (FRIDAY, [CDO, "DTSTART:20270618T090000"]),
        (FRIDAY, ["DTSTART:20270618T000000"]),
        (FRIDAY, ["DTSTART:20270618T000000", "DTEND:20270618T000000"]),
        (FRIDAY, ["DTSTART:20270618", "DTEND:20270618"]),
        (FRIDAY, ["DTSTART:20270618"]),
        (FRIDAY, ["DTSTART:20270618", "DURATION:PT0S"]),
        (FRIDAY, ["DTSTART:20270617T230000Z"]),
        ((date(2027, 3, 26), date(2027, 3, 29)), ["DTSTART:20270326T000000Z", "DTEND:20270329T230000Z"]),  # over the change
        ((date(2027, 10, 31), date(2027, 11, 4)), ["DTSTART:20271030T230000Z", "DTEND:20271105T000000Z"]),
    ],
)  # fmt: skip
def test_whole_days_are_read_however_they_are_written(days, lines):
    event = one("SUMMARY:x", *lines)
    assert (event.first, event.last, event.trouble, event.begins) == (*days, "", None)


@pytest.mark.parametrize(
    "lines, begins, ends",
    [
        (["DTSTART:20270618T080000Z", "DTEND:20270618T140000Z"], time(9), time(15)),
        (["DTSTART;TZID=GMT Standard Time:20270618T090000", "DTEND:20270618T150000"], time(9), time(15)),
        (["DTSTART;TZID=/example.org/1/Europe/London:20270618T090000", "DURATION:PT6H"], time(9), time(15)),
        (["DTSTART;TZID=Customized Time Zone:20270618T090000", "DTEND:20270618T150000"], time(9), time(15)),
        ([f"DTSTART;TZID={LONDON}:20270618T090000", "DTEND:20270618T150000"], time(9), time(15)),
        (["DTSTART;TZID=tzone://Microsoft/Utc:20270618T080000", "DTEND:20270618T140000Z"], time(9), time(15)),
        (["DTSTART;TZID=Europe/Berlin:20270618T100000", "DURATION:PT6H"], time(9), time(15)),
        (["DTSTART;TZID=../../etc/passwd:20270618T090000", "DURATION:PT6H"], time(9), time(15)),
        (["X-MICROSOFT-CDO-ALLDAYEVENT:FALSE", "DTSTART:20270618T0900", "DURATION:PT6H"], time(9), time(15)),
        (["DTSTART:20270618T090000"], time(9), time(9)),
        (["DTSTART:20270618T000000", "DTEND:20270618T140000"], time(0), time(14)),
    ],
)
def test_a_timed_event_has_its_times_in_london(lines, begins, ends):
    event = one("SUMMARY:x", *lines)
    assert (event.first, event.trouble, event.begins, event.ends) == (FRIDAY[0], Trouble.TIMED, begins, ends)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["DTSTART:"],
        ["DTSTART:20270230"],
        ["DTSTART;VALUE=DATE:99991231"],
        ["DTSTART;VALUE=DATE:120270618"],
        ["DTSTART:00000000T000000Z"],
        ["DTSTART;TZID=Asia/Tokyo:00010101T000000", "DTEND:00010102T000000"],
        ["DTSTART:19991231"],
        ["DTSTART:20270618", "DTEND:99991231"],
        ["DTSTART:20270618", "DTEND:tomorrow"],
        ["DTSTART:20270618", "DTEND;VALUE=DATE:20270611"],
        ["DTSTART:20270618T090000", "DTEND:20270617T090000"],
        ["DTSTART:20270618", "DURATION:-P1D"],
        ["DTSTART:20270618", "DURATION:P99999D"],
        ["DTSTART:20270618", "DURATION:P99999999999D"],
        ["DTSTART:20270618T250000", "DTEND:20270618T260000"],
    ],
)
def test_days_that_cannot_be_are_not_guessed(lines):
    event = one("SUMMARY:Half term", *lines)
    assert (event.name, event.first, event.trouble) == ("Half term", None, Trouble.UNREADABLE)
