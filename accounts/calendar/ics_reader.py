"""Read a calendar file (.ics, RFC 5545) as events of whole days in London.

Every file yields events or NotACalendar. Each event is parsed by itself, and only the lines that are needed, so
that an unreadable event spoils no other. Time zones are known by name; the file's own descriptions are ignored,
and an unknown name means London.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

import icalendar

from malpas.lib.hours import LONDON
from malpas.lib.text import clean_line

MAX_BYTES = 1_000_000
MAX_EVENTS = 5_000
MAX_LINE = 2_000
READ = {"DTSTART", "DTEND", "DURATION", "SUMMARY", "UID", "STATUS", "RRULE", "RDATE", "RECURRENCE-ID"}
REPEATS = ("RRULE", "RDATE", "RECURRENCE-ID")


class Wrong(StrEnum):
    TOO_BIG = "too big"
    NOT_ICS = "not a calendar"
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

    A timed event has the days it touches, and its wall-clock begin and end in London.
    """

    uid: str
    name: str
    first: date | None
    last: date | None
    trouble: str = ""
    cancelled: bool = False
    begins: time | None = None
    ends: time | None = None


def read_events(data: bytes) -> list[Event]:
    """Return the file's events in order.

    Of two with one uid the later. Raises NotACalendar and nothing else.
    """
    found: dict[object, Event] = {}
    for number, lines in enumerate(_raw_events(_text(data))):
        event = _event(lines)
        found[event.uid or number] = event
    if not found:
        raise NotACalendar(Wrong.EMPTY)
    return list(found.values())


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise NotACalendar(Wrong.TOO_BIG)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\0" in text or not text.lstrip()[:15].upper() == "BEGIN:VCALENDAR":
        raise NotACalendar(Wrong.NOT_ICS)
    if len(re.findall("BEGIN:VEVENT", text, re.IGNORECASE)) > MAX_EVENTS:
        raise NotACalendar(Wrong.TOO_MANY)
    return re.sub(r"\r\n?", "\n", text)


def _raw_events(text: str) -> Iterator[list[str]]:
    """Return each event's unfolded, truncated lines.

    Nested components such as alarms are left out.
    """
    depth = 0
    lines_of_event: list[str] = []
    for line in re.sub(r"\n[ \t]", "", text).split("\n"):
        name = re.split("[:;]", line, maxsplit=1)[0].strip().upper()
        inside = line.partition(":")[2].strip().upper()
        if name == "BEGIN" and (depth or inside == "VEVENT"):
            depth += 1
        elif name == "END" and depth:
            depth -= 1
            if not depth:
                yield lines_of_event
                lines_of_event = []
        elif depth == 1 and name in READ and len(lines_of_event) < 2 * len(READ):
            lines_of_event.append(line[:MAX_LINE])


def _event(lines: list[str]) -> Event:
    try:
        return _read(icalendar.Event.from_ical("\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])))
    except Exception:  # the library may raise anything for a foreign file; the page must not break
        return Event("", "", None, None, Trouble.UNREADABLE)


def _one(event: icalendar.Component, name: str):
    value = event.get(name)
    return value[0] if isinstance(value, list) else value


def _read(event: icalendar.Component) -> Event:
    uid = clean_line(str(_one(event, "UID") or ""))[:255]
    name = clean_line(str(_one(event, "SUMMARY") or ""))[:60]
    cancelled = str(_one(event, "STATUS") or "").strip().upper() == "CANCELLED"
    if any(name in event for name in REPEATS):
        return Event(uid, name, None, None, Trouble.REPEATS, cancelled)
    days = _days(event)
    if days is None:
        return Event(uid, name, None, None, Trouble.UNREADABLE, cancelled)
    first, last, hours = days
    begins, ends = hours or (None, None)
    return Event(uid, name, first, last, Trouble.TIMED if hours else "", cancelled, begins, ends)


def _days(event: icalendar.Component) -> tuple[date, date, tuple[time, time] | None] | None:
    """Return first day, last day, begin and end.

    Both times None for whole days. DTEND is the day after; without it an event lasts one day.
    """
    start, end, length = (getattr(_one(event, name), "dt", None) for name in ("DTSTART", "DTEND", "DURATION"))
    if not isinstance(start, date):
        return None
    if isinstance(start, datetime):
        begins = _in_london(start)
        ends = _in_london(end) if isinstance(end, datetime) else begins + (length or timedelta())
        whole = begins < ends and begins.time() == ends.time() == time()
        hours = None if whole else (begins.time(), max(begins, ends).time())
        first, last = begins.date(), max(begins, ends - timedelta(microseconds=1)).date()
    else:
        first, hours = start, None
        after = end.date() if isinstance(end, datetime) else end
        after = after or start + (length or timedelta(days=1))
        last = max(first, after - timedelta(days=1))
        if after < first:
            return None
    return (first, last, hours) if 2000 <= first.year <= last.year < 2100 else None


def _in_london(at: datetime) -> datetime:
    """Return the London wall-clock time, without a zone."""
    return at.astimezone(LONDON).replace(tzinfo=None) if at.tzinfo else at
