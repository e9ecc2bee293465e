"""Compare a calendar file with the calendar.

What each event would change, or why not. An event is known by its days and name, since many programs give it a new
uid in each export; a uid only tells which row an event changes, and only where that is plausible, since other programs
count their events anew in each export or give one uid to all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import date, time, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.calendar.event_names import plain
from accounts.calendar.ics_kinds import (
    EARLY,
    KINDS,
    LEAVE,
    TERM,
    Span,
    cannot,
    closes_at,
    is_lone_day,
    kind_by_name,
    kind_of,
    named,
    pair_terms,
    repeated,
    why_leave,
    why_open,
)
from accounts.calendar.ics_reader import Event
from accounts.enums import ClosureKind
from accounts.models.school import Closure, Term

MOST = 500  # choices on one page
WEAK_UID = 8  # letters and figures before the @; such a one is counted anew in each export
MOVED = timedelta(days=28)  # an event with a weak uid that lies further away is another

ADD, CHANGE, REMOVE, KNOWN, IGNORE = "add", "change", "remove", "known", "ignore"

Row = Term | Closure


@dataclass(frozen=True)
class Item:
    """One event of the file.

    `number`: its position. `kind`: the suggested TERM, ClosureKind, EARLY or LEAVE. `row`: what it became
    in an earlier import, or what has the same days.
    """

    event: Event
    state: str
    kind: str
    why: str = ""
    row: Row | None = None
    may_choose: bool = False
    number: int = 0

    @property
    def kinds(self) -> list[tuple[str, object]]:
        """Return the choices.

        EARLY is offered only for an event that says when school ends.
        """
        at = closes_at(self.event)
        early = [(EARLY, _("School ends early at %(time)s") % {"time": f"{at:%H:%M}"})] if at else []
        return [*early, *KINDS]


def is_same(row: Row, event: Event, kind: str) -> bool:
    same_name = not row.uid or plain(row.name) == plain(named(event, kind))
    same_hour = kind != EARLY or (isinstance(row, Closure) and row.closes_at == closes_at(event))
    return (row.starts, row.ends, kind_of(row)) == (event.first, event.last, kind) and same_name and same_hour


def compare(events: Sequence[Event], *, today: date) -> list[Item]:
    """Compare each event of a file with the calendar.

    Events that are over are dropped.
    """
    rows: list[Row] = [*Term.objects.all(), *Closure.objects.all()]
    numbered = [(n, e) for n, e in enumerate(pair_terms(events)) if e.last is None or e.last >= today]
    coming = [event for _number, event in numbered]
    terms = [(row.starts, row.ends) for row in rows if isinstance(row, Term)]
    terms += [
        (e.first, e.last) for e in coming if e.first and e.last and not e.trouble and kind_by_name(e) == TERM
    ]
    pairs, twice = _pair(coming, rows, today), repeated(coming)
    items = [
        replace(_item(event, pairs.get(place), twice.get(place, ""), rows, terms), number=number)
        for place, (number, event) in enumerate(numbered)
    ]
    return [_doubted(item, items, rows, terms) for item in items]


def _pair(events: Sequence[Event], rows: Iterable[Row], today: date) -> dict[int, Row]:
    """Return the row of each event that has one: the place of the event → the row.

    What stands in the calendar as it is comes first, so that a uid takes no row away from it.
    """
    found: dict[int, Row] = {}
    free = list(rows)
    coming = [row for row in free if row.ends >= today]  # what is over stays as it was
    for is_its_row, among in (
        (_stands, free),
        (_is_by_hand, free),
        (_is_changed, coming),
        (_is_cancelled, coming),
    ):
        for place, event in enumerate(events):
            if place in found:
                continue
            row = next((row for row in among if row in free and is_its_row(row, event)), None)
            if row is not None:
                found[place] = row
                free.remove(row)
    return found


def _stands(row: Row, event: Event) -> bool:
    """Return whether the calendar has this event: its days and its name, whatever its kind and uid."""
    if (row.starts, row.ends) != (event.first, event.last) or event.cancelled:
        return False
    kind = kind_of(row)
    same_hour = not isinstance(row, Closure) or row.closes_at == (closes_at(event) if kind == EARLY else None)
    return same_hour and plain(row.name) == plain(named(event, kind))


def _is_by_hand(row: Row, event: Event) -> bool:
    """Return whether somebody has typed this event, perhaps under another name."""
    return not row.uid and not event.cancelled and is_same(row, event, kind_by_name(event))


def _is_changed(row: Row, event: Event) -> bool:
    """Return whether the row came from this event, which is another now."""
    if not event.uid or row.uid != event.uid or event.cancelled or cannot(event) or not _may_move(row, event):
        return False
    kind, name = kind_of(row), named(event, kind_of(row))
    if plain(row.name) == plain(name) or (kind == EARLY and closes_at(event)):
        return True
    suggested = kind_by_name(event)
    if suggested != TERM and (suggested not in ClosureKind.values or why_open(event)):
        return False
    return suggested == kind or _gap(row, event) <= timedelta()


def _is_cancelled(row: Row, event: Event) -> bool:
    """Return whether the file takes back what the row came from."""
    if not event.cancelled or not row.uid:
        return False
    has_name = plain(row.name) in (plain(event.name), plain(named(event, kind_of(row))))
    if event.uid and row.uid == event.uid:
        return has_name or (event.first is not None and _gap(row, event) <= timedelta())
    return has_name and (row.starts, row.ends) == (event.first, event.last)


def _gap(row: Row, event: Event) -> timedelta:
    """Return how far the row's days and the event's lie apart; zero or less when they meet."""
    assert event.first and event.last
    return max(event.first - row.ends, row.starts - event.last)


def _may_move(row: Row, event: Event) -> bool:
    """Return whether a uid so weak can mean that the event has moved so far."""
    strength = sum(sign.isalnum() for sign in event.uid.partition("@")[0])
    return strength >= WEAK_UID or _gap(row, event) < MOVED


def _doubted(item: Item, items: Sequence[Item], rows: Iterable[Row], terms: Sequence[Span]) -> Item:
    """Return an uncertain single day in mid-week as LEAVE.

    Its name is not certain and it would close one day between two school days.
    """
    if item.state != ADD or item.kind not in (ClosureKind.HALF_TERM, ClosureKind.HOLIDAY):
        return item
    closed = [(row.starts, row.ends) for row in rows if isinstance(row, Closure) and not row.closes_at]
    closed += [
        (other.event.first, other.event.last)
        for other in items
        if other is not item and other.event.first and other.event.last and other.kind in ClosureKind.values
    ]
    if not is_lone_day(item.event, closed, terms):
        return item
    why = str(_("It would close one day between two days of school. Choose what it is if school is closed."))
    return replace(item, state=IGNORE, kind=LEAVE, why=why)


def _item(event: Event, row: Row | None, twice: str, rows: Iterable[Row], terms: Sequence[Span]) -> Item:
    if event.cancelled:
        return (
            Item(event, REMOVE, LEAVE, "", row)
            if row
            else Item(event, IGNORE, LEAVE, str(_("It is cancelled.")))
        )
    if why := cannot(event):
        return Item(event, IGNORE, LEAVE, why)
    if row:
        kind = _kind_of_changed(row, event)
        return Item(
            event,
            KNOWN if is_same(row, event, kind) else CHANGE,
            kind,
            "",
            row,
            not is_same(row, event, kind),
        )
    suggested = kind_by_name(event)
    if twice:
        return Item(event, IGNORE, LEAVE, twice, may_choose=True)
    if why := why_leave(event, suggested, terms):
        return Item(event, IGNORE, LEAVE, _or_row(event, why, rows), may_choose=True)
    if other := _in_its_place(event, suggested, rows):
        return Item(event, IGNORE, LEAVE, *other, may_choose=True)
    return Item(event, ADD, suggested, may_choose=True)


def _kind_of_changed(row: Row, event: Event) -> str:
    """Return the kind that was chosen for the row, unless the event has become something else."""
    kind = kind_of(row)
    is_named_so = plain(row.name) == plain(named(event, kind)) or not row.uid
    return kind if is_named_so or (kind == EARLY and closes_at(event)) else kind_by_name(event)


def _or_row(event: Event, why: str, rows: Iterable[Row]) -> str:
    """Return that a row of this event still closes school on its days, else `why`."""
    for row in rows:
        if (
            event.uid
            and row.uid == event.uid
            and isinstance(row, Closure)
            and _gap(row, event) <= timedelta()
        ):
            sentence = _("It was “%(name)s” before. Take that out of the calendar if school is open now.")
            return str(sentence) % {"name": row.title}
    return why


def _in_its_place(event: Event, suggested: str, rows: Iterable[Row]) -> tuple[str, Row | None] | None:
    """Return why the calendar needs no such entry, and the term that it could change.

    Closed already on all of its days, or another term has some of them.
    """
    assert event.first and event.last
    if suggested != TERM:
        closed = (row for row in rows if isinstance(row, Closure) and not row.closes_at)
        whole = next((row for row in closed if row.starts <= event.first and event.last <= row.ends), None)
        sentence = _("School is closed on these days already: %(name)s.")
        return (str(sentence) % {"name": whole.title}, None) if whole else None
    met = [row for row in rows if isinstance(row, Term) and _gap(row, event) <= timedelta()]
    if not met:
        return None
    if len(met) == 1:
        sentence = _(
            "The calendar has %(name)s on these days, %(first)s – %(last)s. Choose “Term” to give it the days of the file."
        )
    else:
        sentence = _("The calendar has other terms on these days: %(name)s, %(first)s – %(last)s.")
    days = {"first": date_format(met[0].starts, "j F Y"), "last": date_format(met[-1].ends, "j F Y")}
    why = str(sentence) % {"name": ", ".join(row.name for row in met), **days}
    return why, met[0] if len(met) == 1 else None


def to_session(events: Sequence[Event]) -> list[list]:
    """Return the events as plain values for the session; `from_session` reverses it."""
    return [
        [value.isoformat() if isinstance(value, date | time) else value for value in astuple(event)]
        for event in events
    ]


def from_session(rows: Sequence[Sequence]) -> list[Event]:
    names = [column.name for column in fields(Event)]
    return [
        Event(**{name: _from_plain(name, value) for name, value in zip(names, row, strict=False)})
        for row in rows
    ]


def _from_plain(name: str, value: Any) -> Any:
    reader: Any = {"first": date, "last": date, "begins": time, "ends": time}.get(name)
    return reader.fromisoformat(value) if reader and value else value
