"""Write calendar files as programs do, and read what comes of them."""

from datetime import date
from pathlib import Path

from accounts.calendar.ics_diff import Item, compare
from accounts.calendar.ics_import import take_in_file
from accounts.calendar.ics_reader import Event, read_events
from accounts.models.school import Closure, Term

FILES = Path(__file__).parent / "files"
TODAY = date(2026, 11, 10)


def bytes_of(name: str) -> bytes:
    return (FILES / name).read_bytes()


def ics(*events: list[str], method: str = "", eol: str = "\r\n") -> str:
    """Return a file with these events, each the lines of one."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", *([f"METHOD:{method}"] if method else [])]
    lines = [line for event in events for line in ("BEGIN:VEVENT", *event, "END:VEVENT")]
    return eol.join([*head, *lines, "END:VCALENDAR", ""])


def whole(name: str, first: str, after: str = "", *more: str, uid: str = "") -> list[str]:
    """Return the lines of an event of whole days."""
    end = [f"DTEND;VALUE=DATE:{after}"] if after else []
    return [*([f"UID:{uid}"] if uid else []), f"DTSTART;VALUE=DATE:{first}", *end, f"SUMMARY:{name}", *more]


def events_of(*events: list[str], **how: str) -> list[Event]:
    return read_events(ics(*events, **how).encode())


def one(*lines: str, **how: str) -> Event:
    """Return the only event of a file with these lines."""
    [event] = events_of(list(lines), **how)
    return event


def items_of(*events: list[str]) -> list[Item]:
    return compare(events_of(*events), today=TODAY)


def take(people, events: list[Event], kinds: dict[int, str] | None = None) -> int:
    """Import as the office, as suggested or with these kinds."""
    return take_in_file(events, kinds=kinds or {}, by=people.actor(people.office), today=TODAY)


def calendar_rows() -> set[tuple]:
    """Return the calendar: name, kind ('' for a term), first and last day."""
    terms = [(row.name, "", row.starts, row.ends) for row in Term.objects.all()]
    closures = [(row.name, row.kind, row.starts, row.ends) for row in Closure.objects.all()]
    assert len({*terms, *closures}) == len(terms) + len(closures), "something stands in the calendar twice"
    return {*terms, *closures}
