"""Which names mean a closure, and which only mention one."""

from datetime import date, time, timedelta

import pytest

from accounts.calendar.ics_diff import ADD, IGNORE, LEAVE, compare, from_session, to_session
from accounts.calendar.ics_import import take_in_file
from accounts.calendar.ics_reader import read_events
from accounts.enums import ClosureKind
from accounts.models.school import Closure
from tests.accounts.calendar import names
from tests.accounts.calendar.test_calendar_file import BEGIN, END, chosen, event, file_of, from_file, upload
from tests.sentences.accounts import SCHOOL_ENDS_EARLY

TODAY = date(2026, 11, 10)
A_TUESDAY, HALF_TERM = date(2027, 6, 8), (date(2027, 5, 31), date(2027, 6, 4))

# What schools and councils in Wales write on days when school is open.
OPEN = """
Last day before half term
School closes for half term at the end of the day
Children return after half-term
School closes 1.30pm for Easter
Half term reports go home
Half Term Disco
School reopens for pupils after half term
Back to school after half term
Pupils return after the Easter holidays
All children return to school after the Christmas holidays
School breaks up for half term
Break up for Easter holidays
School finishes for Easter break
Last day of school before Christmas holidays
First day back after half-term holiday
End of half term
Half term begins 3.15pm
Last day before Easter holiday (pupils may be collected at 1.30)
Closed early for Christmas 13:30
School closed from 1pm
School closes at midday for holidays
Half day - school closes 12 noon
Half day holiday
School closed early
School closed in the afternoon
Ysgol ar gau yn gynnar
Half-term homework due
Easter holiday club booking opens
Holiday Club registration deadline
Half Term craft activities letter
PTA Easter break raffle
Christmas holidays reading challenge launch
Staff training evening
Twilight INSET 3.45pm
INSET twilight session
School office closed
Breakfast Club closed
After-school clubs closed
Kitchen closed - packed lunch please
Road closure outside school
Car park closed
Nursery applications closed
Governor training day
Half term assessments
Holiday safety assembly
Cyn hanner tymor
Diwrnod olaf cyn hanner tymor
Diwrnod olaf cyn gwyliau'r Pasg
Plant yn dychwelyd ar ôl hanner tymor
Disgyblion yn dychwelyd i'r ysgol wedi gwyliau'r Nadolig
Nôl i'r ysgol ar ôl y gwyliau
Ysgol yn cau am hanner tymor, 3.15pm
Ysgol yn cau i blant am wyliau Haf
Yr ysgol yn cau am 1.30yp ar gyfer gwyliau'r Nadolig
Ysgol yn cau am hanner dydd, gwyliau'r Pasg
Ysgol yn cau'n gynnar - gwyliau
Ysgol yn ailagor ar ôl gwyliau'r Pasg
Diwedd hanner tymor
Disgo hanner tymor
Adroddiadau hanner tymor
Gwaith cartref hanner tymor
Clwb brecwast ar gau
Swyddfa'r ysgol ar gau
Hyfforddiant HMS gyda'r hwyr
Sesiwn HMS cyfnos
Gwasanaeth diwedd tymor cyn gwyliau
""".strip().splitlines()

# … and on single days when it is closed.
CLOSED = """
INSET day
INSET Training Day (school closed for pupils)
INSET Day End of Autumn Term
INSET day - no breakfast club
INSET day - children return Tuesday
Teacher Training Day
Staff training day
School closed for INSET
School closed: polling station
School closed for election
School closed after storm damage
School closed to pupils
School closure (burst pipe)
Extra holiday for Jubilee
Additional school holiday
Occasional day
Occasional day holiday
Extra Bank Holiday for Coronation
Diwrnod dan Reolaeth Ysgol
No school today
Training Day
HMS
Diwrnod HMS
Diwrnod Hyfforddiant
Diwrnod HMS - ysgol ar gau i ddisgyblion
Ysgol ar gau
Ysgol ar gau ar gyfer etholiad
Yr ysgol ar gau i ddisgyblion
HMS, plant yn dychwelyd ddydd Mercher
""".strip().splitlines()

# … and on whole weeks when it is closed.
WEEKS = """
Half term
Half-term holiday
School closed for half term
Half Term Break
Autumn half term
Half term (children return Monday 7 June)
Half term - school reopens 7 June
Hanner tymor
Hanner Tymor: ysgol ar gau
Gwyliau hanner tymor
Hanner tymor (ysgol yn ailagor 7 Mehefin)
Whitsun holiday
School holidays
Gwyliau'r Sulgwyn
""".strip().splitlines()

# … and on whole weeks when it is open.
OPEN_WEEKS = ["Last week before half term", "Half term assessments week", "Wythnos olaf cyn hanner tymor"]


def found(name: str, first: date, last: date):
    stamps = f"{first:%Y%m%d}", f"{last + timedelta(days=1):%Y%m%d}"
    [item] = compare(read_events(file_of(event("u", name, *stamps))), today=TODAY)
    return item


@pytest.mark.parametrize("name", OPEN + names.OPEN)
def test_a_day_when_school_is_open_is_left_out_and_can_be_chosen(people, name):
    item = found(name, A_TUESDAY, A_TUESDAY)
    assert (item.state, item.kind, item.may_choose) == (IGNORE, LEAVE, True) and item.why


@pytest.mark.parametrize("name", CLOSED + names.CLOSED)
def test_a_single_day_when_school_is_closed_is_suggested(people, name):
    item = found(name, A_TUESDAY, A_TUESDAY)
    assert item.state == ADD and item.kind in ClosureKind.values


@pytest.mark.parametrize("name", WEEKS + names.WEEKS)
def test_a_week_of_holiday_is_suggested(people, name):
    item = found(name, *HALF_TERM)
    assert item.state == ADD and item.kind in ClosureKind.values


@pytest.mark.parametrize("name", OPEN_WEEKS + names.OPEN_WEEKS)
def test_a_week_about_half_term_is_left_out(people, name):
    assert found(name, date(2027, 5, 24), date(2027, 5, 28)).state == IGNORE


def test_none_of_the_seven_open_days_is_suggested(people):
    items = compare(from_file("open-days.ics"), today=TODAY)
    assert len(items) == 7
    assert {(item.state, item.kind, item.may_choose) for item in items} == {(IGNORE, LEAVE, True)}


# -- by the day
def test_one_day_of_half_term_between_two_school_days_is_doubted(people):
    assert found("Half term", A_TUESDAY, A_TUESDAY).state == IGNORE
    assert found("Gwyliau", A_TUESDAY, A_TUESDAY).state == IGNORE


def test_half_term_as_five_events_of_a_day_is_suggested(people):
    days = [HALF_TERM[0] + timedelta(days=n) for n in range(5)]
    events = [
        event(f"d{day:%d}", "Half term", f"{day:%Y%m%d}", f"{day + timedelta(days=1):%Y%m%d}") for day in days
    ]
    items = compare(read_events(file_of(*events)), today=TODAY)
    assert [item.state for item in items if item.event.first.weekday() > 0] == [ADD] * 4


def test_a_day_beside_a_holiday_is_suggested(people):
    friday = date(2027, 2, 12)  # half-term begins on the Monday after it
    assert found("Holiday", friday, friday).state == ADD


# -- by the clock
def timed(name: str, begins: str, ends: str) -> bytes:
    rows = [
        "BEGIN:VEVENT",
        "UID:t",
        f"SUMMARY:{name}",
        f"DTSTART:20261211T{begins}",
        f"DTEND:20261211T{ends}",
    ]
    return (BEGIN + "\r\n".join([*rows, "END:VEVENT", ""]) + END).encode()


@pytest.mark.parametrize(
    "name, begins, ends, at",
    [
        ("Christmas fair - school closes at 13:30", "133000", "153000", time(13, 30)),
        ("School closed", "120000", "153000", time(12)),
        ("Ysgol yn cau 1.30yp", "090000", "133000", time(13, 30)),
        ("School closes early", "141500", "153000", time(14, 15)),
    ],
)
def test_a_timed_event_closes_no_whole_day_and_may_end_it_early(people, name, begins, ends, at):
    [item] = compare(read_events(timed(name, begins, ends)), today=TODAY)
    assert (item.state, item.kind) == (IGNORE, LEAVE)
    assert ("early", SCHOOL_ENDS_EARLY % {"time": f"{at:%H:%M}"}) in item.kinds
    assert take_in_file([item.event], kinds={0: "early"}, by=people.actor(people.office), today=TODAY) == 1
    closure = Closure.objects.get(starts=date(2026, 12, 11))
    assert (closure.closes_at, closure.ends) == (at, closure.starts)
    assert [again.state for again in compare([item.event], today=TODAY)] == ["known"]


def test_timed_event_without_a_closing_word_has_no_choice(people):
    [item] = compare(read_events(timed("Christmas fair", "133000", "153000")), today=TODAY)
    assert item.state == IGNORE and not item.may_choose


def test_the_page_shows_the_time_and_offers_the_early_end(people):
    client = people.client(people.office)
    upload(client, timed("Christmas fair - school closes at 13:30", "133000", "153000"))
    page = client.get("/calendar/file/check/")
    assert (
        "13:30–15:30" in page.content.decode()
        and SCHOOL_ENDS_EARLY % {"time": "13:30"} in page.content.decode()
    )
    client.post("/calendar/file/check/", page.context["form"].initial | chosen(page))
    assert not Closure.objects.filter(starts=date(2026, 12, 11)).exists()


def test_times_of_events_survive_in_the_session():
    events = read_events(timed("x", "133000", "153000"))
    assert from_session(to_session(events)) == events
    assert from_session([row[:6] for row in to_session(events)])[0].begins is None


@pytest.mark.parametrize(
    "name", ["Half term 15.02 - 19.02", "Half term 24.10.26-28.10.26", "Half term 1.11 to 5.11"]
)
def test_dates_in_a_name_are_no_times(people, name):
    assert found(name, *HALF_TERM).state == ADD
    assert found(name, *HALF_TERM).kinds[0][0] == "term"
