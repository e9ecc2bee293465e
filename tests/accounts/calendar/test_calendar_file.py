"""Importing a calendar file, and surviving whatever it holds."""

from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.calendar.event_names import meaning_of
from accounts.calendar.ics_diff import ADD, CHANGE, IGNORE, KNOWN, REMOVE, compare
from accounts.calendar.ics_import import FileRefused, take_in_file
from accounts.calendar.ics_reader import MAX_BYTES, NotACalendar, Trouble, Wrong, read_events
from accounts.models.audit import AuditEntry
from accounts.models.school import Closure, School, Term
from tests.sentences.accounts import SCHOOL_TERMS_OVERLAP

FILES = Path(__file__).parent / "files"
TODAY = date(2026, 11, 10)
BEGIN, END = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "END:VCALENDAR\r\n"


def event(uid: str, name: str, first: str, after: str = "", *more: str) -> str:
    days = [f"DTSTART;VALUE=DATE:{first}", *([f"DTEND;VALUE=DATE:{after}"] if after else [])]
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{name}", *days, *more, "END:VEVENT", ""])


def file_of(*events: str) -> bytes:
    return (BEGIN + "".join(events) + END).encode()


def from_file(name: str) -> list:
    return read_events((FILES / name).read_bytes())


def states(items) -> dict[str, tuple[str, str]]:
    return {item.event.name: (item.state, item.kind) for item in items}


def take(events, people, **kinds):
    return take_in_file(events, kinds=kinds.get("kinds", {}), by=people.actor(people.office), today=TODAY)


def test_google_file_is_sorted_into_terms_and_closures(people):
    found = states(compare(from_file("google.ics"), today=TODAY))
    assert found == {
        "Autumn Term": (ADD, "term"),
        "Spring Term": (ADD, "term"),
        "Half Term": (ADD, "half_term"),
        "INSET day - staff training": (ADD, "inset"),
        "Bank Holiday": (IGNORE, "leave"),
        "Christmas holidays": (IGNORE, "leave"),
        "Disco in the hall": (IGNORE, "leave"),
        "Chess club": (IGNORE, "leave"),
        "School photographs": (IGNORE, "leave"),
        "INSET day": (IGNORE, "leave"),
    }


def test_every_skipped_event_has_a_reason(people):
    items = compare(from_file("google.ics"), today=TODAY)
    whys = {item.event.name: item.why for item in items if item.state == IGNORE}
    assert all(whys.values()) and len(set(whys.values())) == 6
    assert "repeats" in whys["Chess club"] and "bank holidays" in whys["Bank Holiday"]


def test_what_outlook_writes_is_whole_days_in_london(people):
    items = {item.event.name: item for item in compare(from_file("outlook.ics"), today=TODAY)}
    half = items["Half-term"].event
    assert (half.first, half.last) == (date(2027, 5, 31), date(2027, 6, 4))
    assert items["INSET"].event.first == items["INSET"].event.last == date(2027, 6, 18)
    assert items["School closed: pollingstation"].kind == "closed"
    assert items["Governors"].state == IGNORE


def test_what_a_welsh_council_writes_is_understood(people):
    assert take(from_file("cyngor.ics"), people) == 4
    term = Term.objects.get(starts=date(2027, 9, 2))
    assert (term.name, term.ends) == ("Tymor yr Hydref", date(2027, 12, 17))
    kinds = Closure.objects.filter(starts__gte=date(2027, 9, 1)).values_list("kind", flat=True)
    assert sorted(kinds) == ["closed", "half_term", "inset"]


def test_import_writes_one_audit_entry_and_is_idempotent(people):
    assert take(from_file("google.ics"), people) == 5
    rows, version = Term.objects.count() + Closure.objects.count(), School.objects.get().calendar_version
    assert take(from_file("google.ics"), people) == 0
    assert Term.objects.count() + Closure.objects.count() == rows
    assert School.objects.get().calendar_version == version
    assert AuditEntry.objects.filter(verb="calendar.changed").count() == 1


def test_the_same_uid_again_changes_the_row(people):
    take(read_events(file_of(event("a", "INSET day", "20261116", "20261117"))), people)
    again = read_events(file_of(event("a", "INSET day", "20261117", "20261118")))
    assert [item.state for item in compare(again, today=TODAY)] == [CHANGE]
    assert take(again, people) == 1
    assert Closure.objects.get(kind="inset").starts == date(2026, 11, 17)


def test_a_cancelled_event_takes_away_what_it_had_brought(people):
    take(read_events(file_of(event("a", "INSET day", "20261116"))), people)
    gone = read_events(file_of(event("a", "INSET day", "20261116", "", "STATUS:CANCELLED")))
    assert [item.state for item in compare(gone, today=TODAY)] == [REMOVE]
    take(gone, people)
    assert not Closure.objects.filter(kind="inset").exists()


def test_days_that_were_typed_by_hand_are_known(people):
    events = read_events(file_of(event("x", "Half term", "20270215", "20270220")))
    assert [item.state for item in compare(events, today=TODAY)] == [KNOWN]


def test_suggestions_of_the_import_can_be_reversed(people):
    events = read_events(file_of(event("a", "Photographs", "20261116"), event("b", "INSET", "20261117")))
    assert take(events, people, kinds={0: "closed", 1: "leave"}) == 1
    assert Closure.objects.get(starts__gte=TODAY, starts__lt=date(2027, 1, 1)).kind == "closed"


def test_recurring_event_is_never_imported(people):
    events = read_events(file_of(event("a", "INSET", "20261116", "", "RRULE:FREQ=DAILY")))
    assert take(events, people, kinds={0: "inset"}) == 0


def test_overlapping_term_refuses_the_whole_file(people):
    events = read_events(
        file_of(event("a", "INSET", "20261116"), event("b", "Lent term", "20261201", "20270131"))
    )
    with pytest.raises(FileRefused, match=f"Lent term: {SCHOOL_TERMS_OVERLAP}"):
        take(events, people, kinds={1: "term"})
    assert not Closure.objects.filter(kind="inset").exists()
    assert not AuditEntry.objects.filter(verb="calendar.changed").exists()


def test_a_class_takes_in_no_file(people):
    events = read_events(file_of(event("a", "INSET", "20261116")))
    with pytest.raises(PermissionDenied):
        take_in_file(events, kinds={}, by=people.actor(people.celyn), today=TODAY)


@pytest.mark.parametrize(
    "name, kind",
    [
        ("Half-Term Holiday", "half_term"),
        ("Hanner tymor", "half_term"),
        ("School closed for INSET", "inset"),
        ("Diwrnod HMS", "inset"),
        ("Gŵyl y Banc", "bank holiday"),
        ("First day of term", "term begins"),
        ("Diwedd y tymor", "term ends"),
        ("Gwyliau'r Pasg", "holiday"),
        ("Ysgol ar gau", "closed"),
        ("Spring Term", "term"),
        ("Determined to insetting", ""),
    ],
)
def test_names_say_what_they_are_in_both_languages(name, kind):
    assert meaning_of(name) == kind


@pytest.mark.parametrize(
    "data, wrong",
    [
        (b"", Wrong.NOT_ICS),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), Wrong.NOT_ICS),
        (b"BEGIN:VCALENDAR\0", Wrong.NOT_ICS),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", Wrong.EMPTY),
        (b"x" * (MAX_BYTES + 1), Wrong.TOO_BIG),
        (b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nEND:VEVENT\n" * 40_000, Wrong.TOO_MANY),
    ],
)
def test_a_file_that_is_none_is_refused_by_its_own_sentence(data, wrong):
    with pytest.raises(NotACalendar) as refused:
        read_events(data)
    assert refused.value.wrong == wrong


def test_nested_and_folded_bombs_are_read_in_no_time():
    deep = "BEGIN:VEVENT\r\n" + "BEGIN:X\r\n" * 50_000 + "DTSTART:x\r\n"
    folded = "BEGIN:VEVENT\r\nSUMMARY:" + "\r\n a" * 60_000 + "\r\nEND:VEVENT\r\n"
    zone = "BEGIN:VTIMEZONE\r\nTZID:Z\r\nBEGIN:STANDARD\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    assert [found.trouble for found in read_events(file_of(zone, folded, deep))] == [Trouble.UNREADABLE]


LINES = st.sampled_from(
    [
        "BEGIN:VEVENT",
        "END:VEVENT",
        "BEGIN:VALARM",
        "END:VALARM",
        "UID:a",
        "SUMMARY:Half term",
        "STATUS:CANCELLED",
    ]
    + [
        "DTSTART;VALUE=DATE:20261026",
        "DTEND;VALUE=DATE:00010101",
        "DTEND:20261026T240000",
        "DURATION:P99999999D",
    ]
    + [
        "DTSTART;TZID=../../etc/passwd:20261026T090000",
        "DURATION:-P1D",
        "DTSTART:99991231T235959Z",
        "RRULE:",
        " x",
    ]
    + ["DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=PERIOD:20261026T000000Z/P1D", "SUMMARY;LANGUAGE=:", "UID"]
) | st.text(max_size=40)


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=25).map(lambda lines: (BEGIN + "\r\n".join(lines)).encode(errors="replace")))
def test_no_lines_break_the_reader(data):
    try:
        found = read_events(data)
    except NotACalendar:
        return
    for each in found:
        assert each.trouble or (each.first and each.last and each.first <= each.last)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data):
    for whole in (data, BEGIN.encode() + b"BEGIN:VEVENT\n" + data + b"\nEND:VEVENT\n"):
        try:
            read_events(whole)
        except NotACalendar:
            continue


def upload(client, data: bytes, name: str = "year.ics"):
    return client.post("/calendar/file/", {"file": SimpleUploadedFile(name, data)})


def test_import_writes_nothing_before_confirmation(people):
    client = people.client(people.office)
    assert upload(client, (FILES / "google.ics").read_bytes()).headers["Location"] == "/calendar/file/check/"
    page = client.get("/calendar/file/check/")
    assert "INSET day - staff training" in page.content.decode() and Term.objects.count() == 3
    answer = client.post("/calendar/file/check/", page.context["form"].initial | chosen(page))
    assert answer.headers["Location"] == "/calendar/" and Term.objects.count() == 5
    again = client.post("/calendar/file/check/", page.context["form"].initial | chosen(page))
    assert again.headers["Location"] == "/calendar/file/" and Term.objects.count() == 5


def chosen(page) -> dict[str, str]:
    return {f"kind_{item.number}": item.kind for item in page.context["form"].items}


def test_confirming_an_older_upload_changes_nothing(people):
    client = people.client(people.office)
    upload(client, file_of(event("a", "INSET", "20261116")))
    page = client.get("/calendar/file/check/")
    upload(client, file_of(event("a", "INSET", "20261117")))
    old = client.post("/calendar/file/check/", page.context["form"].initial | chosen(page))
    assert old.headers["Location"] == "/calendar/file/check/"
    assert not Closure.objects.filter(kind="inset").exists()


@pytest.mark.parametrize(
    "data", [b"", bytes(2000), b"x" * (MAX_BYTES + 1), b"BEGIN:VCALENDAR\nEND:VCALENDAR"]
)
def test_a_bad_file_gets_a_sentence_on_the_form(people, data):
    answer = upload(people.client(people.office), data)
    assert answer.status_code == 422 and answer.context["form"].errors["file"]


def test_refused_import_shows_its_page_with_a_reason(people):
    client = people.client(people.deputy)
    upload(client, file_of(event("b", "Lent term", "20261201", "20270131")))
    page = client.get("/calendar/file/check/")
    answer = client.post("/calendar/file/check/", page.context["form"].initial | {"kind_0": "term"})
    assert answer.status_code == 422 and SCHOOL_TERMS_OVERLAP in answer.content.decode()


def test_a_class_and_a_parent_find_no_page_for_files(people):
    for who in (people.celyn, people.nia):
        client = people.client(who)
        assert (
            client.get("/calendar/file/").status_code
            == client.get("/calendar/file/check/").status_code
            == 404
        )
