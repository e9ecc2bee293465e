"""Suggest what an event of a calendar file is: a term, a closure, an early end, or nothing of these."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.calendar.event_names import NameMeaning, in_both_languages, meaning_of, name_of_term, plain
from accounts.calendar.ics_reader import Event, Trouble
from accounts.calendar.open_days import early_end, is_certain, is_open_day
from accounts.calendar.overview import bank_holiday
from accounts.enums import ClosureKind
from accounts.models.school import Closure, Term

TERM, EARLY, LEAVE = "term", "early", "leave"
KINDS = [(TERM, _("Term")), *ClosureKind.choices, (LEAVE, _("Leave it out"))]
SCHOOL_DAY = time(9, 30), time(15)  # closed between these times means closed on this day
SHORTEST_TERM = timedelta(days=13)
LONGEST = {
    TERM: 250,
    ClosureKind.HALF_TERM: 16,
    ClosureKind.INSET: 9,
}  # days after the first; 'Autumn half term 1' has seven weeks
LONGEST_CLOSURE = 100

Span = tuple[date, date]


def kind_of(row: Term | Closure) -> str:
    if isinstance(row, Term):
        return TERM
    return EARLY if row.closes_at else row.kind


def named(event: Event, kind: str) -> str:
    """Return the name under which the event is stored."""
    return names_of(event, kind)[0]


def names_of(event: Event, kind: str) -> tuple[str, str]:
    """Return the names in English and Welsh under which the event is stored; the second may be empty."""
    model = Term if kind == TERM else Closure
    most = model._meta.get_field("name").max_length or 0
    both = (event.name, event.name_cy) if event.name_cy else in_both_languages(event.name)
    name, name_cy = both or (event.name, "")
    name = name or str(dict(KINDS).get(kind, ClosureKind.CLOSED.label))
    return name[:most].strip(), name_cy[:most].strip()


def closes_at(event: Event) -> time | None:
    """Return when school ends early on the event's day, or None.

    By its name, else by when it begins.
    """
    if event.first is None or event.first != event.last:
        return None
    meaning = early_end(event.name)
    if meaning is None and event.begins and meaning_of(event.name) and not is_all_day(event):
        meaning = event.begins
    return meaning


def is_all_day(event: Event) -> bool:
    """Return whether a timed event covers all of the children's day."""
    if event.begins is None or event.ends is None or event.first != event.last:
        return event.begins is None
    return event.begins <= SCHOOL_DAY[0] and event.ends >= SCHOOL_DAY[1]


def kind_by_name(event: Event) -> str:
    """Return the kind that the name suggests, TERM or a ClosureKind.

    '' for none.
    """
    meaning = meaning_of(event.name)
    if meaning in (NameMeaning.TERM, NameMeaning.TERM_BEGINS, NameMeaning.TERM_ENDS):
        long = event.first and event.last and event.last - event.first >= SHORTEST_TERM
        return TERM if long else ""
    return meaning


def school_days(event: Event) -> int:
    """Return the number of days from Monday to Friday; at least one."""
    assert event.first and event.last
    length = min((event.last - event.first).days + 1, 400)
    return max(1, sum((event.first + timedelta(days=n)).weekday() < 5 for n in range(length)))


def cannot(event: Event) -> str:
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


def why_leave(event: Event, suggested: str, terms: Sequence[Span]) -> str:
    """Return why the event is not imported by default.

    '' when it is.
    """
    assert event.first and event.last
    meaning = meaning_of(event.name)
    if meaning in (NameMeaning.TERM_BEGINS, NameMeaning.TERM_ENDS) and suggested != TERM:
        return str(_("The file has one end of this term, not the other."))
    if suggested in ClosureKind.values and (why := why_open(event)):
        return why
    if not suggested or suggested == NameMeaning.BANK_HOLIDAY:
        return str(_("Its name does not say that school is closed."))
    if (event.last - event.first).days >= LONGEST.get(suggested, LONGEST_CLOSURE):
        return str(_("It is very long for what its name says. Please check its days."))
    covered = terms and min(first for first, _last in terms) <= event.last
    covered = covered and event.first <= max(last for _first, last in terms)
    inside = any(first <= event.last and event.first <= last for first, last in terms)
    if suggested != TERM and not inside and (covered or suggested == ClosureKind.HOLIDAY):
        return str(_("It lies outside the terms, where school is closed anyway."))
    return ""


def why_open(event: Event) -> str:
    """Return why school is open though the name speaks of a closure.

    '' when it is closed.
    """
    if at := closes_at(event):
        return str(
            _("School ends at %(time)s on this day. Choose that if messages should wait from then.")
        ) % {"time": f"{at:%H:%M}"}
    if event.trouble == Trouble.TIMED and not (is_all_day(event) and is_certain(event.name)):
        return str(_("It has a time of day, so school goes on."))
    if is_open_day(event.name, days=school_days(event)):
        return str(_("Its name speaks of a day before or after, or of an event, so school is open."))
    return ""


def is_lone_day(event: Event, closed: Sequence[Span], terms: Sequence[Span]) -> bool:
    """Return whether an uncertain name would close one day between two days of school."""
    day = event.first
    if day is None or school_days(event) > 1 or is_certain(event.name):
        return False
    steps = (-3 if day.weekday() == 0 else -1), (3 if day.weekday() == 4 else 1)
    return not any(_is_closed(day + timedelta(days=step), closed, terms) for step in steps)


def _is_closed(day: date, closed: Sequence[Span], terms: Sequence[Span]) -> bool:
    outside = bool(terms) and not any(first <= day <= last for first, last in terms)
    return outside or bool(bank_holiday(day)) or any(first <= day <= last for first, last in closed)


def repeated(events: Sequence[Event]) -> dict[int, str]:
    """Return why an event is left out beside one before it: the place of the event → the sentence.

    It has the same days and the same name or meaning, such as the English and the Welsh entry of one holiday; or
    it is a term on days of another.
    """
    seen: set[tuple] = set()
    terms: list[Event] = []
    found: dict[int, str] = {}
    for place, event in enumerate(events):
        if event.first is None or event.last is None or event.cancelled or cannot(event):
            continue
        kind = kind_by_name(event)
        keys: set[tuple] = {(event.first, event.last, event.begins, plain(event.name))}
        if kind == TERM or (kind in ClosureKind.values and not why_open(event)):
            keys |= {(event.first, event.last, kind)}
        if keys & seen:
            found[place] = str(_("It is in the file twice."))
        elif kind == TERM and any(_meet(event, other) for other in terms):
            found[place] = str(_("The file has another term on these days."))
        elif kind == TERM:
            terms.append(event)
        seen |= keys
    return found


def _meet(one: Event, other: Event) -> bool:
    assert one.first and one.last and other.first and other.last
    return one.first <= other.last and other.first <= one.last


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


def _means(event: Event, meaning: str) -> bool:
    usable = event.first and event.last and not (event.trouble or event.cancelled)
    return bool(usable) and meaning_of(event.name) == meaning
