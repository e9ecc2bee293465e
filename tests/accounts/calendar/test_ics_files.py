"""Reading calendar files as programs save them, whatever their bytes and lines are."""

import tracemalloc
from contextlib import suppress
from time import process_time

import pytest

from accounts.calendar.forms import SENTENCES
from accounts.calendar.ics_reader import MAX_BYTES, NotACalendar, Trouble, Wrong, read_events
from tests.accounts.calendar.ics import bytes_of, events_of, ics, one, whole

INSET = whole("INSET day", "20270618", "20270619", uid="a")
FILE = ics(INSET)
READ = [("INSET day", "2027-06-18", "2027-06-18")]


def read(data: bytes) -> list[tuple[str, str, str]]:
    return [(event.name, str(event.first), str(event.last)) for event in read_events(data)]


def names(data: bytes) -> list[str]:
    return [event.name for event in read_events(data)]


def refused(data: bytes) -> Wrong:
    with pytest.raises(NotACalendar) as raised:
        read_events(data)
    return raised.value.wrong


# -- letters
def test_a_letter_that_is_folded_in_its_middle_is_whole():
    assert names(bytes_of("folded-in-a-letter.ics")) == ["Diwrnod HMS y wŷdd", "Hanner tymor, Gŵyl y Sŵn"]


def test_a_wrong_byte_spoils_no_other_line():
    assert names(bytes_of("one-bad-byte.ics")) == ["Diwrnod HMS yn Nhŷ Gŵyr", "x"]


def test_each_line_is_read_in_its_own_encoding():
    data = (
        ics(whole("Gŵyl", "20270618"), whole("CAFE", "20270619"))
        .encode()
        .replace(b"CAFE", "Siân".encode("cp1252"))
    )
    assert names(data) == ["Gŵyl", "Siân"]


def test_a_wrong_byte_spoils_no_letter_of_its_line():
    assert names(FILE.encode().replace(b"INSET day", "Tŷ ".encode() + b"caf\xe9 \x81")) == ["Tŷ café \ufffd"]


def test_a_nul_in_a_line_spoils_no_event():
    assert read(ics([*INSET, "DESCRIPTION:a\0b"]).encode()) == READ
    assert read(FILE.replace("INSET day", "INSET\0 day").encode()) == READ


def test_text_that_was_read_in_the_wrong_encoding_before_is_mended():
    assert names(FILE.replace("INSET day", "GÅµyl y SÅµn").encode()) == ["Gŵyl y Sŵn"]
    assert names(FILE.replace("INSET day", "Noël à Ty Bâch").encode()) == ["Noël à Ty Bâch"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_in_any_unicode_is_read(encoding):
    assert names(FILE.replace("INSET day", "Gŵyl 🐝").encode(encoding)) == ["Gŵyl 🐝"]


def test_a_file_saved_as_unicode_by_an_editor_is_read():
    assert read(bytes_of("saved-by-notepad-unicode.ics")) == READ


# -- what stands around it
@pytest.mark.parametrize(
    "before",
    [
        "<!-- cached by a plugin -->\r\n\r\n",
        "<!DOCTYPE html><html><body><pre>\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\n\r\n",
        "From: council@example.org\r\nMIME-Version: 1.0\r\n\r\nHello\r\n\r\n",
        "\r\n\r\n",
        "\ufeff\ufeff",
        "Warning: BEGIN:VCALENDAR follows\n",
        "<pre>",
    ],
)
def test_what_stands_before_the_calendar_is_left_out(before):
    assert read((before + FILE).encode()) == READ


def test_a_page_around_the_calendar_is_left_out():
    assert read(bytes_of("with-a-page-before-it.ics")) == READ
    assert read((FILE + "</pre></body></html>\n--boundary--\n").encode()) == READ


def test_a_calendar_in_a_quoted_printable_mail_is_read():
    mail = "Content-Type: text/calendar\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    assert read(mail.encode() + FILE.replace("=", "=3D").encode()) == READ


def test_several_calendars_in_one_file_are_read():
    assert names((FILE + ics(whole("Half term", "20270531"))).encode()) == ["INSET day", "Half term"]


@pytest.mark.parametrize(
    "data, wrong",
    [
        (b"PK\x03\x04" + FILE.encode(), Wrong.PACKED),
        (b"\x1f\x8b\x08" + bytes(50), Wrong.PACKED),
        (b"<!doctype html><title>Terms</title>", Wrong.PAGE),
        (b"\xef\xbb\xbf\r\n<html>", Wrong.PAGE),
        (b"Received: from x\r\nMIME-Version: 1.0\r\n\r\nQkVHSU4=", Wrong.MAIL),
        (b"%PDF-1.7", Wrong.NOT_ICS),
        ("Subject,Start Date\nINSET,18/06/2027".encode("utf-16"), Wrong.NOT_ICS),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", Wrong.NOT_ICS),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nSUMMARY:x\r\nEND:VTODO\r\nEND:VCALENDAR", Wrong.EMPTY),
    ],
)
def test_what_is_no_calendar_is_called_what_it_is(data, wrong):
    assert refused(data) == wrong


def test_each_refusal_has_a_sentence():
    assert set(SENTENCES) == set(Wrong)


# -- lines
@pytest.mark.parametrize("eol", ["\n", "\r", "\r\r\n", "\r\n\r\n", "\n\r"])
def test_lines_end_in_any_way(eol):
    assert read(ics(INSET, eol=eol).replace("INSET day", f"INSET{eol}  day").encode()) == READ


def test_a_file_that_is_indented_is_read():
    assert read("\n".join(f"    {line}" for line in FILE.split("\r\n")).encode()) == READ


def test_a_line_break_in_a_name_is_a_blank():
    assert names(FILE.replace("INSET day", "INSET\r\nday").encode()) == ["INSET day"]
    assert names(FILE.replace("INSET day", "INSET\\nday").encode()) == ["INSET day"]


def test_lines_without_a_name_spoil_no_days():
    assert read(ics([line for each in INSET for line in ("-- 8< --", each)]).encode()) == READ


def test_parts_of_an_event_are_not_the_event():
    alarm = ["BEGIN:VALARM", "DTSTART:20200101", "SUMMARY:Alarm", "END:VALARM"]
    assert read(ics([*alarm, *INSET]).encode()) == READ
    assert read(ics([*INSET, *alarm[:3]]).encode()) == READ  # without its end


def test_an_event_that_does_not_say_where_it_ends_is_read():
    data = ics(INSET, whole("Half term", "20270531", "20270605")).replace("END:VEVENT\r\n", "")
    assert names(data.encode()) == ["INSET day", "Half term"]
    assert all(event.first for event in read_events(data.encode()))


def test_an_event_in_which_the_file_breaks_off_shows_its_name_without_days():
    whole_file = ics(["SUMMARY:Half term", "DTSTART;VALUE=DATE:20270531", "DTEND;VALUE=DATE:20270605"])
    [event] = read_events(whole_file.partition("DTEND")[0].encode())
    assert (event.name, event.first, event.trouble) == ("Half term", None, Trouble.UNREADABLE)


# -- texts
@pytest.mark.parametrize(
    "line, name",
    [
        ("SUMMARY;LANGUAGE=en-gb:INSET day", "INSET day"),
        ('SUMMARY;ALTREP="http://example.org:80/a;b":INSET day', "INSET day"),
        ('SUMMARY;X="open:INSET day', "INSET day"),
        ("item1.SUMMARY:INSET day", "INSET day"),
        ("summary :INSET day", "INSET day"),
        (r"SUMMARY:Reading\, writing\; \"sums\"", 'Reading, writing; "sums"'),
        ("SUMMARY:Christmas &amp; New Year &#8211; closed", "Christmas & New Year – closed"),
        ("SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Diwrnod HMS y w=C5=B7dd", "Diwrnod HMS y wŷdd"),
        ("SUMMARY;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Si=E2n", "Siân"),
        ("SUMMARY;CHARSET=rot13;ENCODING=QUOTED-PRINTABLE:Si=C3=A2n", "Siân"),
        ("SUMMARY;QUOTED-PRINTABLE:Hanner =\r\ntymor", "Hanner tymor"),
        ("SUMMARY;ENCODING=BASE64:SU5TRVQgZGF5", "INSET day"),
        ("SUMMARY;ENCODING=B:INSET", "INSET"),
    ],
)
def test_names_are_read_as_any_program_writes_them(line, name):
    assert one("DTSTART:20270618", line).name == name


def test_a_name_in_two_languages_has_both():
    event = one("DTSTART:20270618", "SUMMARY;LANGUAGE=cy:Diwrnod HMS", "SUMMARY;LANGUAGE=en:INSET day")
    assert (event.name, event.name_cy) == ("INSET day", "Diwrnod HMS")
    assert one("DTSTART:20270618", "SUMMARY;LANGUAGE=cy:Diwrnod HMS").name == "Diwrnod HMS"


@pytest.mark.parametrize("line", ["DTSTART:soon", "DTSTART:99991231", "RRULE:FREQ=DAILY", "X-NOTHING:1"])
def test_an_event_that_cannot_be_read_shows_its_name(line):
    event = one("SUMMARY:Staff training", line)
    assert event.name == "Staff training" and event.trouble and event.first is None


# -- bounds
BOMBS = {
    "blanks": b" " * MAX_BYTES,
    "nuls": bytes(MAX_BYTES),
    "begins": b"BEGIN:VCALENDAR   x" * 50_000,
    "empty lines": b"BEGIN:VCALENDAR\n" + b"\r" * 900_000,
    "folds": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:" + b"\n a" * 300_000,
    "stray lines": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:" + b"\n\xff" * 450_000,
    "soft breaks": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY;QUOTED-PRINTABLE:" + b"=\n" * 450_000,
    "colons": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + (b"DTSTART" + b": " * 1_900 + b"\n") * 250,
    "quotes": b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + (b'SUMMARY;X="' + b'";"' * 1_300 + b"\n") * 200,
    "zones": ics(*([f"DTSTART;TZID=Z{n}/Q:20270618T090000"] for n in range(5_000))).encode(),
    "one uid": ics(*(whole(f"a{n}", "20270618", uid="0") for n in range(5_000))).encode(),
    "wide": ("BEGIN:VCALENDAR\n" * 30_000).encode("utf-16-le"),
    "names": ics(["SUMMARY:&amp;\\n\\,ÅµÃ" * 500] * 60).encode()[:MAX_BYTES],
}


def swallow(data: bytes) -> None:
    with suppress(NotACalendar):
        read_events(data[:MAX_BYTES])


@pytest.mark.parametrize("bomb", BOMBS)
def test_no_file_takes_long(bomb):
    events_of(INSET)  # whatever is read once
    started = process_time()
    swallow(BOMBS[bomb])
    assert process_time() - started < 5


@pytest.mark.parametrize("bomb", ["stray lines", "quotes"])
def test_no_file_takes_much_memory(bomb):
    tracemalloc.start()
    try:
        swallow(BOMBS[bomb])
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()
