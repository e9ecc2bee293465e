"""Compare a calendar file with the calendar.

What each event would change, or why not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.calendar.event_names import NameMeaning, meaning_of, name_of_term
from accounts.calendar.ics_reader import Event, Trouble
from accounts.calendar.open_days import early_end, is_certain, is_open_day
from accounts.calendar.overview import bank_holiday
from accounts.enums import ClosureKind
from accounts.models.school import Closure, Term

TERM, EARLY, LEAVE = "term", "early", "leave"
KINDS = [(TERM, _("Term")), *ClosureKind.choices, (LEAVE, _("Leave it out"))]
SCHOOL_DAY = time(9, 30), time(15)  # closed between these times means closed on this day
MOST = 500  # choices on one page
SHORTEST_TERM = timedelta(days=13)

ADD, CHANGE, REMOVE, KNOWN, IGNORE = "add", "change", "remove", "known", "ignore"


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
    row: Term | Closure | None = None
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


def kind_of(row: Term | Closure) -> str:
    if isinstance(row, Term):
        return TERM
    return EARLY if row.closes_at else row.kind


def closes_at(event: Event) -> time | None:
    """Return when school ends early on the event's day, or None.

    By its name, else by when it begins.
    """
    if event.first is None or event.first != event.last:
        return None
    meaning = early_end(event.name)
    if meaning is None and event.begins and meaning_of(event.name) and not _is_all_day(event):
        meaning = event.begins
    return meaning


def _is_all_day(event: Event) -> bool:
    """Return whether a timed event covers all of the children's day."""
    if event.begins is None or event.ends is None or event.first != event.last:
        return event.begins is None
    return event.begins <= SCHOOL_DAY[0] and event.ends >= SCHOOL_DAY[1]


def is_same(row: Term | Closure, event: Event, kind: str) -> bool:
    same_name = not row.uid or row.name == named(event, kind)
    same_hour = kind != EARLY or (isinstance(row, Closure) and row.closes_at == closes_at(event))
    return (row.starts, row.ends, kind_of(row)) == (event.first, event.last, kind) and same_name and same_hour


def named(event: Event, kind: str) -> str:
    """Return the name under which the event is stored."""
    return event.name or str(dict(KINDS).get(kind, ClosureKind.CLOSED.label))


def _means(event: Event, meaning: str) -> bool:
    usable = event.first and event.last and not (event.trouble or event.cancelled)
    return bool(usable) and meaning_of(event.name) == meaning


def pair_terms(events: Sequence[Event]) -> list[Event]:
    """Join a term's 'begins' and 'ends' into one event.

    It has the uid of the first.
    """
    begins = sorted(
        (e for e in events if _means(e, NameMeaning.TERM_BEGINS)), key=lambda e: e.first or date.max
    )
    ends = sorted((e for e in events if _means(e, NameMeaning.TERM_ENDS)), key=lambda e: e.last or date.max)
    whole: dict[int, Event] = {}
    used: set[int] = set()
    for begin, later in zip(begins, [*begins[1:], None], strict=False):
        until = later.first if later and later.first else date.max
        end = next((e for e in ends if e.last and begin.first and begin.first < e.last < until), None)
        if end:
            whole[id(begin)] = replace(begin, name=name_of_term(begin.name), last=end.last)
            used.add(id(end))
    return [whole.get(id(event), event) for event in events if id(event) not in used]


def compare(events: Sequence[Event], *, today: date) -> list[Item]:
    """Compare each event of a file with the calendar.

    Events that are over are dropped.
    """
    rows: list[Term | Closure] = [*Term.objects.all(), *Closure.objects.all()]
    by_uid = {row.uid: row for row in rows if row.uid}
    numbered = [(n, e) for n, e in enumerate(pair_terms(events)) if e.last is None or e.last >= today]
    terms = [(row.starts, row.ends) for row in rows if isinstance(row, Term)]
    terms += [
        (e.first, e.last)
        for _n, e in numbered
        if e.first and e.last and not e.trouble and _kind_by_name(e) == TERM
    ]
    items = [
        replace(_item(event, by_uid.get(event.uid), rows, terms), number=number) for number, event in numbered
    ]
    return [_doubted(item, items, rows, terms) for item in items]


def _doubted(
    item: Item, items: Sequence[Item], rows: Iterable[Term | Closure], terms: Sequence[tuple[date, date]]
) -> Item:
    """Return an uncertain single day in mid-week as LEAVE.

    Its name is not certain and it would close one day between two school days.
    """
    day = item.event.first
    if day is None or item.state != ADD or _school_days(item.event) > 1:
        return item
    if item.kind not in (ClosureKind.HALF_TERM, ClosureKind.HOLIDAY) or is_certain(item.event.name):
        return item
    closed = [(row.starts, row.ends) for row in rows if isinstance(row, Closure) and not row.closes_at]
    closed += [
        (other.event.first, other.event.last)
        for other in items
        if other is not item and other.event.first and other.event.last and other.kind in ClosureKind.values
    ]
    if any(_is_closed(day + timedelta(days=step), closed, terms) for step in _to_neighbours(day)):
        return item
    why = str(_("It would close one day between two days of school. Choose what it is if school is closed."))
    return replace(item, state=IGNORE, kind=LEAVE, why=why)


def _school_days(event: Event) -> int:
    """Return the number of days from Monday to Friday; at least one."""
    assert event.first and event.last
    length = min((event.last - event.first).days + 1, 400)
    return max(1, sum((event.first + timedelta(days=n)).weekday() < 5 for n in range(length)))


def _to_neighbours(day: date) -> tuple[int, int]:
    """Return the steps in days to the weekdays around it."""
    return (-3 if day.weekday() == 0 else -1), (3 if day.weekday() == 4 else 1)


def _is_closed(day: date, closed: Sequence[tuple], terms: Sequence[tuple[date, date]]) -> bool:
    outside = bool(terms) and not any(first <= day <= last for first, last in terms)
    return outside or bool(bank_holiday(day)) or any(first <= day <= last for first, last in closed)


def _item(
    event: Event, row: Term | Closure | None, rows: Iterable[Term | Closure], terms: Sequence[tuple]
) -> Item:
    if event.cancelled:
        return (
            Item(event, REMOVE, LEAVE, "", row)
            if row
            else Item(event, IGNORE, LEAVE, str(_("It is cancelled.")))
        )
    if why := _cannot(event):
        return Item(event, IGNORE, LEAVE, why)
    suggested = kind_of(row) if row else _kind_by_name(event)
    if row is None:
        row = next((each for each in rows if not each.uid and is_same(each, event, suggested)), None)
    if row and is_same(row, event, suggested):
        return Item(event, KNOWN, suggested, "", row)
    why = "" if row else _leave(event, suggested, terms)
    if why:
        return Item(event, IGNORE, LEAVE, why, may_choose=True)
    return Item(event, CHANGE if row else ADD, suggested, "", row, may_choose=True)


def _kind_by_name(event: Event) -> str:
    """Return the kind that the name suggests, TERM or a ClosureKind.

    '' for none.
    """
    meaning = meaning_of(event.name)
    if meaning in (NameMeaning.TERM, NameMeaning.TERM_BEGINS, NameMeaning.TERM_ENDS):
        long = event.first and event.last and event.last - event.first >= SHORTEST_TERM
        return TERM if long else ""
    return meaning


def _cannot(event: Event) -> str:
    """Return why the event's days cannot be used; '' when they can."""
    has_meaning = closes_at(event) or meaning_of(event.name) in ClosureKind.values
    if event.trouble == Trouble.REPEATS:
        return str(_("It repeats. Please enter its days by hand."))
    if event.trouble == Trouble.UNREADABLE or event.first is None or event.last is None:
        return str(_("Its days cannot be read. Please enter it by hand."))
    if event.trouble == Trouble.TIMED and not has_meaning:
        return str(_("It has a time of day, so school goes on."))
    if _all_bank_holidays(event):
        return str(_("The portal knows the bank holidays."))
    return ""


def _all_bank_holidays(event: Event) -> bool:
    assert event.first and event.last
    if meaning_of(event.name) == NameMeaning.BANK_HOLIDAY and event.first == event.last:
        return bool(bank_holiday(event.first))
    days = [event.first + timedelta(days=n) for n in range(min(5, (event.last - event.first).days + 1))]
    return len(days) < 5 and all(bank_holiday(day) for day in days)


def _leave(event: Event, suggested: str, terms: Sequence[tuple[date, date]]) -> str:
    """Return why the event is not imported by default.

    '' when it is.
    """
    assert event.first and event.last
    meaning = meaning_of(event.name)
    if meaning in (NameMeaning.TERM_BEGINS, NameMeaning.TERM_ENDS) and suggested != TERM:
        return str(_("The file has one end of this term, not the other."))
    if suggested in ClosureKind.values and (why := _open(event)):
        return why
    if not suggested or suggested == NameMeaning.BANK_HOLIDAY:
        return str(_("Its name does not say that school is closed."))
    covered = terms and min(first for first, _last in terms) <= event.last
    covered = covered and event.first <= max(last for _first, last in terms)
    inside = any(first <= event.last and event.first <= last for first, last in terms)
    if suggested != TERM and not inside and (covered or suggested == ClosureKind.HOLIDAY):
        return str(_("It lies outside the terms, where school is closed anyway."))
    return ""


def _open(event: Event) -> str:
    """Return why school is open though the name speaks of a closure.

    '' when it is closed.
    """
    if at := closes_at(event):
        return str(
            _("School ends at %(time)s on this day. Choose that if messages should wait from then.")
        ) % {"time": f"{at:%H:%M}"}
    if event.trouble == Trouble.TIMED and not (_is_all_day(event) and is_certain(event.name)):
        return str(_("It has a time of day, so school goes on."))
    if is_open_day(event.name, days=_school_days(event)):
        return str(_("Its name speaks of a day before or after, or of an event, so school is open."))
    return ""


def to_session(events: Sequence[Event]) -> list[list]:
    """Return the events as plain values for the session; `from_session` reverses it."""
    return [
        [
            e.uid,
            e.name,
            e.first and e.first.isoformat(),
            e.last and e.last.isoformat(),
            str(e.trouble),
            e.cancelled,
            e.begins and e.begins.isoformat(),
            e.ends and e.ends.isoformat(),
        ]
        for e in events
    ]


def from_session(rows: Sequence[Sequence]) -> list[Event]:
    return [
        Event(
            uid,
            name,
            first and date.fromisoformat(first),
            last and date.fromisoformat(last),
            trouble,
            cancelled,
            *(hour and time.fromisoformat(hour) for hour in hours),
        )
        for uid, name, first, last, trouble, cancelled, *hours in rows
    ]
