"""What a calendar file would change: each event, what the portal takes it for, and why it leaves the others alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.calendar_words import Said, name_of_term, what_it_says
from accounts.closure_names import closing_time, says_shut_all_day, speaks_of_closing
from accounts.enums import ClosureKind
from accounts.models import Closure, Term
from accounts.school_calendar import bank_holiday
from malpas.lib.ics import Event, Trouble

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

TERM, LEAVE, EARLY = "term", "leave", "early"
KINDS = [(TERM, _("Term")), *ClosureKind.choices, (LEAVE, _("Leave it out"))]
MOST = 500  # that may be chosen from on one page
SHORTEST_TERM = timedelta(days=13)
ONE_DAY_IS_NONE = (
    ClosureKind.HALF_TERM,
    ClosureKind.HOLIDAY,
)  # one day of that name marks where it begins or ends

ADD, CHANGE, REMOVE, KNOWN, IGNORE = "add", "change", "remove", "known", "ignore"


@dataclass(frozen=True)
class Item:
    """One event of the file, `number` its place in it. `kind`: TERM, a ClosureKind or LEAVE, as suggested.

    `row`: what it came to before, or what stands on the same days. `closes_at`: when school closes on that one day,
    where the event says so; it may then be taken for EARLY.
    """

    event: Event
    state: str
    kind: str
    why: str = ""
    row: Term | Closure | None = None
    may_choose: bool = False
    number: int = 0
    closes_at: time | None = None

    @property
    def choices(self) -> list[tuple[str, StrPromise | str]]:
        """What it may be taken for: (kind, words)."""
        early = (
            [(EARLY, _("School closes early, at %s") % f"{self.closes_at:%H:%M}")] if self.closes_at else []
        )
        if self.event.trouble == Trouble.TIMED:
            return [*early, KINDS[-1]]
        return [*KINDS[:-1], *early, KINDS[-1]]


def kind_of(row: Term | Closure) -> str:
    if isinstance(row, Term):
        return TERM
    return EARLY if row.closes_at else row.kind


def is_same(row: Term | Closure, event: Event, kind: str, closes_at: time | None = None) -> bool:
    same_name = not row.uid or row.name == named(event, kind)
    same_hour = kind != EARLY or (isinstance(row, Closure) and row.closes_at == closes_at)
    return (row.starts, row.ends, kind_of(row)) == (event.first, event.last, kind) and same_name and same_hour


def named(event: Event, kind: str) -> str:
    """The name under which it is kept."""
    return event.name or str(dict(KINDS)[kind])


def early_closing(event: Event) -> time | None:
    """Return when school closes on the one day of this event, or None where it says nothing of that."""
    if event.first is None or event.first != event.last or event.trouble not in ("", Trouble.TIMED):
        return None
    if event.trouble == Trouble.TIMED and not speaks_of_closing(event.name):
        return None
    said = closing_time(event.name)
    if said or event.trouble != Trouble.TIMED:
        return said
    return event.begins if event.begins and time(8) <= event.begins < time(20) else None


def _whole(event: Event) -> Event:
    """'School closed' from nine to half past three is a whole day: some calendars know no other."""
    if event.trouble != Trouble.TIMED or not event.begins or not event.until or event.first != event.last:
        return event
    all_lessons = event.begins <= time(9, 30) and event.until >= time(15)
    kind = what_it_says(event.name)
    shut = kind in (ClosureKind.CLOSED, ClosureKind.INSET) and says_shut_all_day(event.name, kind, 1)
    return replace(event, trouble="") if all_lessons and shut else event


def _says(event: Event, said: str) -> bool:
    usable = event.first and event.last and not (event.trouble or event.cancelled)
    return bool(usable) and what_it_says(event.name) == said


def pair_terms(events: Sequence[Event]) -> list[Event]:
    """'Autumn term begins' and the 'Autumn term ends' after it become one event, with the first one's uid."""
    begins = sorted((e for e in events if _says(e, Said.TERM_BEGINS)), key=lambda e: e.first or date.max)
    ends = sorted((e for e in events if _says(e, Said.TERM_ENDS)), key=lambda e: e.last or date.max)
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
    """Each event of a file against the calendar as it stands. What is over is left out altogether."""
    rows: list[Term | Closure] = [*Term.objects.all(), *Closure.objects.all()]
    by_uid = {row.uid: row for row in rows if row.uid}
    numbered = [(n, _whole(e)) for n, e in enumerate(pair_terms(events)) if e.last is None or e.last >= today]
    terms = [(row.starts, row.ends) for row in rows if isinstance(row, Term)]
    terms += [
        (e.first, e.last) for _n, e in numbered if e.first and e.last and not e.trouble and _guess(e) == TERM
    ]
    days = _shut_days([e for _n, e in numbered])
    return [
        replace(
            _item(event, by_uid.get(event.uid), rows, terms, days),
            number=number,
            closes_at=early_closing(event),
        )
        for number, event in numbered
    ]


def _shut_days(events: Iterable[Event]) -> set[date]:
    """The days of all events that are nothing but a half-term or a holiday: some calendars write each day apart."""
    found: set[date] = set()
    for event in events:
        if event.first and event.last and not event.trouble and _guess(event) in ONE_DAY_IS_NONE:
            length = (event.last - event.first).days + 1
            if says_shut_all_day(event.name, _guess(event), length):
                found.update(event.first + timedelta(days=n) for n in range(length))
    return found


def _item(
    event: Event,
    row: Term | Closure | None,
    rows: Iterable[Term | Closure],
    terms: Sequence[tuple],
    shut: set[date],
) -> Item:
    if event.cancelled:
        return (
            Item(event, REMOVE, LEAVE, "", row)
            if row
            else Item(event, IGNORE, LEAVE, str(_("It is cancelled.")))
        )
    if why := _cannot(event):
        return Item(event, IGNORE, LEAVE, why)
    if event.trouble == Trouble.TIMED:
        return _timed(event, row)
    guess = kind_of(row) if row else _guess(event)
    if row is None:
        row = next((each for each in rows if not each.uid and is_same(each, event, guess)), None)
    if row and is_same(row, event, guess, early_closing(event)):
        return Item(event, KNOWN, guess, "", row)
    why = "" if row else _leave(event, guess, terms) or _doubt(event, guess, shut)
    if why:
        return Item(event, IGNORE, LEAVE, why, may_choose=True)
    return Item(event, CHANGE if row else ADD, guess, "", row, may_choose=True)


def _timed(event: Event, row: Term | Closure | None) -> Item:
    """An event with a time of day never shuts a whole day; the hour at which school closes may be taken from it."""
    at = early_closing(event)
    if at is None:
        return Item(event, IGNORE, LEAVE, str(_("It has a time of day, so school goes on.")))
    if row and is_same(row, event, EARLY, at):
        return Item(event, KNOWN, EARLY, "", row)
    if row:
        return Item(event, CHANGE, EARLY, "", row, may_choose=True)
    return Item(event, IGNORE, LEAVE, _early_words(at), may_choose=True)


def _early_words(at: time) -> str:
    return str(
        _("School may close early that day, at %(time)s. Choose it if messages should wait from then on.")
        % {"time": f"{at:%H:%M}"}
    )


def _doubt(event: Event, guess: str, shut: set[date]) -> str:
    """Return why a closure is not believed by the name of its event alone, or ''."""
    assert event.first and event.last
    if guess not in ClosureKind.values:
        return ""
    if at := early_closing(event):
        return _early_words(at)
    if not says_shut_all_day(event.name, guess, (event.last - event.first).days + 1):
        return str(_("Its name says more than that school is closed. Choose it if there is no school."))
    if guess in ONE_DAY_IS_NONE and event.first == event.last and not _has_neighbour(event.first, shut):
        return str(_("It is one day only. Choose it if there is no school."))
    return ""


def _has_neighbour(day: date, shut: set[date]) -> bool:
    """Whether the school day before or after is shut too."""
    before, after = (3 if day.weekday() == 0 else 1), (3 if day.weekday() == 4 else 1)
    return day - timedelta(days=before) in shut or day + timedelta(days=after) in shut


def _guess(event: Event) -> str:
    """What the portal takes it for by its name, TERM or a ClosureKind; '' for what it says nothing about."""
    said = what_it_says(event.name)
    if said in (Said.TERM, Said.TERM_BEGINS, Said.TERM_ENDS):
        long = event.first and event.last and event.last - event.first >= SHORTEST_TERM
        return TERM if long else ""
    return said


def _cannot(event: Event) -> str:
    """Why the days of this event cannot be used at all; '' when they can."""
    if event.trouble == Trouble.REPEATS:
        return str(_("It repeats. Please enter its days by hand."))
    if event.trouble == Trouble.UNREADABLE or event.first is None or event.last is None:
        return str(_("Its days cannot be read. Please enter it by hand."))
    if _all_bank_holidays(event):
        return str(_("The portal knows the bank holidays."))
    return ""


def _all_bank_holidays(event: Event) -> bool:
    assert event.first and event.last
    if what_it_says(event.name) == Said.BANK_HOLIDAY and event.first == event.last:
        return bool(bank_holiday(event.first))
    days = [event.first + timedelta(days=n) for n in range(min(5, (event.last - event.first).days + 1))]
    return len(days) < 5 and all(bank_holiday(day) for day in days)


def _leave(event: Event, guess: str, terms: Sequence[tuple[date, date]]) -> str:
    """Why it is left out unless somebody chooses otherwise; '' when it is suggested."""
    assert event.first and event.last
    said = what_it_says(event.name)
    if said in (Said.TERM_BEGINS, Said.TERM_ENDS) and guess != TERM:
        return str(_("The file has one end of this term, not the other."))
    if not guess or guess == Said.BANK_HOLIDAY:
        return str(_("Its name does not say that school is closed."))
    covered = terms and min(first for first, _last in terms) <= event.last
    covered = covered and event.first <= max(last for _first, last in terms)
    inside = any(first <= event.last and event.first <= last for first, last in terms)
    if guess != TERM and not inside and (covered or guess == ClosureKind.HOLIDAY):
        return str(_("It lies outside the terms, where school is closed anyway."))
    return ""


def as_kept(events: Sequence[Event]) -> list[list]:
    """For the session: plain values. `from_kept` gives them back."""
    return [
        [
            e.uid,
            e.name,
            e.first and e.first.isoformat(),
            e.last and e.last.isoformat(),
            str(e.trouble),
            e.cancelled,
            e.begins and e.begins.isoformat(),
            e.until and e.until.isoformat(),
        ]
        for e in events
    ]


def from_kept(kept: Sequence[Sequence]) -> list[Event]:
    return [
        Event(
            uid,
            name,
            first and date.fromisoformat(first),
            last and date.fromisoformat(last),
            trouble,
            cancelled,
            begins and time.fromisoformat(begins),
            until and time.fromisoformat(until),
        )
        for uid, name, first, last, trouble, cancelled, begins, until in kept
    ]
