"""Read a calendar file (.ics, RFC 5545) as events of whole days in London.

Every file yields events or NotACalendar. Each event is read by itself, and only the lines that are needed, so
that an unreadable event spoils no other and still has its name.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from malpas.lib.ics.lines import MAX_LINE, calendar_lines
from malpas.lib.ics.values import Moment, length, moment, parts, text
from malpas.lib.text import clean_line

MAX_BYTES = 1_000_000
MAX_EVENTS = 5_000
MAX_NAME = 160  # longer than any row's name, so that all of it is read for its meaning
MOST_LINES = 80  # of one event
ALL_DAY = {"X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT", "X-FUNAMBOL-ALLDAY"}
REPEATS = {"RRULE", "RDATE"}
READ = (
    {"DTSTART", "DTEND", "DURATION", "SUMMARY", "UID", "STATUS", "RECURRENCE-ID", "SEQUENCE"}
    | ALL_DAY
    | REPEATS
)
NEARLY_MIDNIGHT = time(23, 59)
PACKED = b"PK\x03\x04", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf"
YEARS = range(2000, 2100)


class Wrong(StrEnum):
    TOO_BIG = "too big"
    NOT_ICS = "not a calendar"
    PACKED = "a zip"
    PAGE = "a web page"
    MAIL = "a mail"
    TOO_MANY = "too many events"
    EMPTY = "no events"


class NotACalendar(Exception):
    """The file cannot be read; `wrong` says why."""

    def __init__(self, wrong: Wrong) -> None:
        self.wrong = wrong
        super().__init__(wrong)


class Trouble(StrEnum):
    """Why the days of an event cannot be used as they stand."""

    REPEATS = "repeats"
    TIMED = "timed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Event:
    """One event, from `first` to `last` inclusive; both None when unreadable.

    A timed event has the days it touches, and its wall-clock begin and end in London. `uid` is empty when the
    file gives the same to several events. `name_cy`: its name in Welsh where the file has both.
    """

    uid: str
    name: str
    first: date | None
    last: date | None
    trouble: str = ""
    cancelled: bool = False
    begins: time | None = None
    ends: time | None = None
    name_cy: str = ""


@dataclass
class _Lines:
    """The lines of one event by their names. `cut`: the file ends inside it. `method`: that of its calendar."""

    method: str
    cut: bool = False
    lines: dict[str, list[str]] = field(default_factory=dict)
    count: int = 0

    def add(self, name: str, line: str) -> None:
        if self.count < MOST_LINES:
            self.lines.setdefault(name, []).append(line)
            self.count += 1

    def one(self, name: str) -> str | None:
        return self.lines.get(name, [None])[0]

    def value(self, name: str) -> str:
        line = self.one(name)
        return clean_line(text(line)) if line is not None else ""


def read_events(data: bytes) -> list[Event]:
    """Return the file's events in order.

    Raises NotACalendar and nothing else.
    """
    found = _without_earlier([(_event(lines), _sequence(lines)) for lines in _raw_events(_lines(data))])
    if not found:
        raise NotACalendar(Wrong.EMPTY)
    shared = {uid for uid, number in Counter(event.uid for event in found).items() if number > 1}
    return [replace(event, uid="") if event.uid in shared else event for event in found]


def _lines(data: bytes) -> list[str]:
    if len(data) > MAX_BYTES:
        raise NotACalendar(Wrong.TOO_BIG)
    lines = None if data.startswith(PACKED) else calendar_lines(data)
    if lines is None:
        raise NotACalendar(_what_it_is(data))
    if sum(line[:12].upper() == "BEGIN:VEVENT" for line in lines) > MAX_EVENTS:
        raise NotACalendar(Wrong.TOO_MANY)
    return lines


def _what_it_is(data: bytes) -> Wrong:
    start = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(PACKED):
        return Wrong.PACKED
    if re.match(rb"<(!doctype|html|head|body|\?xml|!--)", start):
        return Wrong.PAGE
    if re.search(rb"^(from|received|return-path|mime-version):", start, re.MULTILINE):
        return Wrong.MAIL
    return Wrong.NOT_ICS


def _raw_events(lines: Iterable[str]) -> Iterator[_Lines]:
    """Yield each event's own lines; those of its parts, such as alarms, are left out.

    An event ends where it says so, or where the next begins.
    """
    event, method, depth = None, "", 0
    for line in lines:
        name = re.split("[:;]", line[:100], maxsplit=1)[0].strip().upper().rpartition(".")[2]
        part = line[:100].partition(":")[2].strip().upper() if name in ("BEGIN", "END") else ""
        if name == "BEGIN" and part == "VCALENDAR":
            method = ""
        elif name == "METHOD" and event is None:
            method = parts(line)[1].strip().upper()
        elif part == "VEVENT" or (part == "VCALENDAR" and not depth):
            if event is not None:
                yield event
            event, depth = (_Lines(method) if name == "BEGIN" else None), 0
        elif name in ("BEGIN", "END"):
            depth = max(0, depth + (1 if name == "BEGIN" else -1))
        elif event is not None and not depth and name in READ:
            event.add(name, line.replace("\0", ""))
    if event is not None and not depth:
        event.cut = True
        yield event


def _sequence(lines: _Lines) -> int:
    number = lines.value("SEQUENCE")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else -1


def _without_earlier(found: list[tuple[Event, int]]) -> list[Event]:
    """Leave out an event that a later one with its uid replaces.

    Some programs give one uid to all their events: a later one replaces only what it plainly is itself.
    """
    latest: dict[tuple, int] = {}
    gone: set[int] = set()
    for number, (event, sequence) in enumerate(found):
        days, name = (event.uid, event.first, event.last), (event.uid, event.name.lower())
        for other in {latest.get(days), latest.get(name)} - {None} if event.uid else ():
            assert other is not None
            earlier, its_sequence = found[other]
            if _is_another_version(earlier, event, newer=sequence != its_sequence):
                gone.add(other if sequence >= its_sequence else number)
        latest |= {days: number, name: number}
    return [event for number, (event, _sequence) in enumerate(found) if number not in gone]


def _is_another_version(one: Event, other: Event, *, newer: bool) -> bool:
    same_days = (one.first, one.last) == (other.first, other.last)
    same_name = one.name.lower() == other.name.lower()
    if newer or one.cancelled != other.cancelled:
        return same_days or same_name
    return same_days and same_name


def _event(lines: _Lines) -> Event:
    name, name_cy = _names(lines)
    uid = lines.value("UID")
    if instance := lines.value("RECURRENCE-ID"):
        uid = f"{uid}/{instance}" if uid else ""
    cancelled = lines.method == "CANCEL" or lines.value("STATUS").upper() in ("CANCELLED", "CANCELED")
    bare = Event(uid[:255], name, None, None, Trouble.UNREADABLE, cancelled, name_cy=name_cy)
    if REPEATS & lines.lines.keys():
        return replace(bare, trouble=Trouble.REPEATS)
    days = None if lines.cut else _days(lines)
    if days is None:
        return bare
    first, last, hours = days
    if not (first.year in YEARS and last.year in YEARS):
        return bare
    begins, ends = hours or (None, None)
    return replace(
        bare, first=first, last=last, trouble=Trouble.TIMED if hours else "", begins=begins, ends=ends
    )


def _names(lines: _Lines) -> tuple[str, str]:
    """Return the name, and the one in Welsh where the file has both."""
    found = [
        (clean_line(text(line))[:MAX_NAME], "LANGUAGE=CY" in parts(line)[0].upper().replace('"', ""))
        for line in lines.lines.get("SUMMARY", [])
    ]
    names = [name for name, _welsh in found if name]
    welsh = [name for name, is_welsh in found if is_welsh and name]
    others = [name for name, is_welsh in found if not is_welsh and name]
    return (others[0], welsh[0]) if welsh and others else (names[0] if names else "", "")


Days = tuple[date, date, tuple[time, time] | None]


def _days(lines: _Lines) -> Days | None:
    """Return first day, last day, and for a timed event when it begins and ends.

    DTEND is the day after; without it an event lasts one day. None when it cannot be read.
    """
    start, end, lasts = (
        _read(lines, "DTSTART", moment),
        _read(lines, "DTEND", moment),
        _read(lines, "DURATION", length),
    )
    given = {"DTEND": end, "DURATION": lasts}
    if start is None or any(lines.value(name) and value is None for name, value in given.items()):
        return None
    try:
        if start.at is None:
            return _dated(start, end, lasts)
        if end is None or end.at is None:
            end = _end_of(start, end, lasts)
        is_marked = any(lines.value(name).upper() in ("TRUE", "1") for name in ALL_DAY)
        return _whole(start, end, is_marked=is_marked) or _timed(start, end)
    except OverflowError:
        return None


def _read(lines: _Lines, name: str, read):
    line = lines.one(name)
    return read(line) if line is not None and len(line) < MAX_LINE else None


def _end_of(start: Moment, end: Moment | None, lasts: timedelta | None) -> Moment:
    """Return the end of a timed event that has a length, a day, or nothing."""
    at = datetime.combine(end.on, time()) if end else start.written() + (lasts or timedelta())
    return Moment(at.date(), at.time(), start.zone)


def _dated(start: Moment, end: Moment | None, lasts: timedelta | None) -> Days | None:
    after = start.on + max(lasts or timedelta(days=1), timedelta(days=1))
    if end:
        after = end.on + timedelta(days=1 if end.at else 0)
    return None if after < start.on else (start.on, max(start.on, after - timedelta(days=1)), None)


def _whole(start: Moment, end: Moment, *, is_marked: bool) -> Days | None:
    """Return the days of a timed event that means whole ones.

    It lasts from midnight to midnight, as written or in London, or is marked as a whole day by Outlook. A marked
    one that was written in another zone begins and ends at the midnight next to it.
    """
    for begin, until in ((start.written(), end.written()), (start.in_london(), end.in_london())):
        if begin.time() == time() and (until.time() == time() or until.time() >= NEARLY_MIDNIGHT):
            return _from_to(begin, until)
    half_a_day = timedelta(hours=12)
    return (
        _from_to(start.in_london() + half_a_day, end.in_london() + half_a_day, nearest=True)
        if is_marked
        else None
    )


def _from_to(begin: datetime, until: datetime, *, nearest: bool = False) -> Days | None:
    if until < begin:
        return None
    last = until.date() - timedelta(days=1 if nearest or until.time() == time() else 0)
    return begin.date(), max(begin.date(), last), None


def _timed(start: Moment, end: Moment) -> Days | None:
    begins, ends = start.in_london(), end.in_london()
    if ends < begins:
        return None
    last = max(begins, ends - timedelta(microseconds=1)).date()
    return begins.date(), last, (begins.time(), ends.time())
