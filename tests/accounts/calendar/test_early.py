"""School closes early within that day's hours, or not at all (policy: Times)."""

from datetime import date, time

import pytest

from accounts.calendar.days import ClosesOutsideHours, close_school, save_days
from accounts.calendar.hours import forget_hours, school_hours
from accounts.calendar.ics_diff import EARLY
from accounts.calendar.ics_import import FileRefused, take_in_file
from accounts.calendar.ics_reader import read_events
from accounts.models.school import Closure, WorkingHours
from tests.accounts.calendar.test_closure_names import timed
from tests.sentences.accounts import NO_SCHOOL_THAT_DAY, SCHOOL_BEGINS_THEN, SCHOOL_ENDS_THEN
from tests.sentences.reading import says

WEDNESDAY, SATURDAY = date(2026, 11, 11), date(2026, 11, 14)
SNOW = {"name": "Snow", "name_cy": "Eira"}
AT_THE_END = "17:00"


@pytest.fixture
def head(people):
    return people.client(people.head)


def closing(time_: str, day: str = "2026-11-11") -> dict[str, str]:
    return SNOW | {"first": day, "last": "", "closes_at": time_, "confirmed": "1"}


def closure(time_: str, day: str = "2026-11-11") -> dict[str, str]:
    return SNOW | {"kind": "closed", "starts": day, "ends": day, "closes_at": time_}


def none_is_closed() -> bool:
    return not Closure.objects.filter(closes_at__isnull=False).exists()


@pytest.mark.parametrize(("url", "sent"), [("close/", closing), ("closures/new/", closure)])
@pytest.mark.parametrize(
    ("time_", "sentence", "known"),
    [
        (AT_THE_END, SCHOOL_ENDS_THEN, {"day": "Wednesday 11 November", "time": "17:00"}),
        ("23:59", SCHOOL_ENDS_THEN, {"time": "17:00"}),
        ("08:30", SCHOOL_BEGINS_THEN, {"day": "Wednesday 11 November", "time": "08:30"}),
        ("00:00", SCHOOL_BEGINS_THEN, {"time": "08:30"}),
    ],
)
def test_a_time_that_shortens_nothing_is_refused_beside_the_field(
    people, head, url, sent, time_, sentence, known
):
    answer = head.post(f"/calendar/{url}", sent(time_))
    assert answer.status_code == 422 and says(answer.content.decode(), sentence, **known)
    assert "closes_at" in answer.context["form"].errors and 'value="Snow"' in answer.content.decode()
    assert none_is_closed()


@pytest.mark.parametrize("time_", ["16:59", "08:31"])
@pytest.mark.parametrize(("url", "sent"), [("close/", closing), ("closures/new/", closure)])
def test_a_time_within_the_hours_is_taken(people, head, url, sent, time_):
    assert head.post(f"/calendar/{url}", sent(time_)).status_code == 302
    day = school_hours().day(WEDNESDAY)
    assert day is not None and f"{day.working.end:%H:%M}" == time_


def test_the_end_is_that_weekdays_own(people, head):
    WorkingHours.objects.filter(weekday=2).update(
        working_end=time(13), reply_end=time(13), arrival_end=time(13), teaching_end=time(13)
    )
    forget_hours()
    answer = head.post("/calendar/close/", closing("14:00"))
    assert says(answer.content.decode(), SCHOOL_ENDS_THEN, time="13:00")
    assert head.post("/calendar/close/", closing("14:00", "2026-11-12")).status_code == 302


def test_a_day_of_the_week_without_school_does_not_close_early(people, head):
    answer = head.post("/calendar/closures/new/", closure("12:00", "2026-11-14"))
    assert answer.status_code == 422
    assert says(answer.content.decode(), NO_SCHOOL_THAT_DAY, day="Saturday 14 November")
    assert none_is_closed()


@pytest.mark.parametrize("closes_at", [time(17), time(8, 30), time(23), time(0)])
def test_the_services_refuse_it_too(people, closes_at):
    by = people.actor(people.office)
    with pytest.raises(ClosesOutsideHours):
        close_school(**SNOW, first=WEDNESDAY, last=WEDNESDAY, closes_at=closes_at, by=by)
    values = SNOW | {"kind": "closed", "starts": WEDNESDAY, "ends": WEDNESDAY, "closes_at": closes_at}
    with pytest.raises(ClosesOutsideHours):
        save_days(Closure(), values, by=by)
    with pytest.raises(ClosesOutsideHours):
        save_days(Closure(), values | {"starts": SATURDAY, "ends": SATURDAY, "closes_at": time(12)}, by=by)
    assert none_is_closed()


def test_a_closure_that_is_moved_or_given_a_time_is_looked_at_again(people, head):
    row, by = Closure.objects.create(**closure("12:00")), people.actor(people.head)
    for change in ({"closes_at": time(18)}, {"starts": SATURDAY, "ends": SATURDAY}):
        with pytest.raises(ClosesOutsideHours):
            save_days(row, change, by=by)
    shown = {f"initial-{name}": was for name, was in closure("12:00").items()}
    assert head.post(f"/calendar/closures/{row.pk}/", closure("18:00") | shown).status_code == 422
    row.refresh_from_db()
    assert (row.starts, row.closes_at) == (WEDNESDAY, time(12))


def test_an_old_entry_that_shortens_nothing_can_be_corrected_and_removed(people, head):
    """It was entered before hours ended earlier, say: its name is corrected as ever."""
    row = Closure.objects.create(**closure("18:00"))
    shown = {f"initial-{name}": was for name, was in closure("18:00").items()}
    assert (
        head.post(f"/calendar/closures/{row.pk}/", closure("18:00") | shown | {"name": "Ice"}).status_code
        == 302
    )
    assert head.post(f"/calendar/closures/{row.pk}/remove/").status_code == 302
    assert none_is_closed()


@pytest.mark.parametrize(("begins", "is_refused"), [("180000", True), ("133000", False)])
def test_a_calendar_file_closes_school_within_the_hours_only(people, begins, is_refused):
    data = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{timed('School closes early', begins=begins, ends='190000')}END:VCALENDAR\r\n"
    facts = {"kinds": {0: EARLY}, "by": people.actor(people.head), "today": date(2026, 11, 10)}
    events = read_events(data.encode())
    if not is_refused:
        assert take_in_file(events, **facts) == 1
        return
    with pytest.raises(FileRefused) as refused:
        take_in_file(events, **facts)
    assert says(refused.value.sentence, SCHOOL_ENDS_THEN, time="17:00") and none_is_closed()
