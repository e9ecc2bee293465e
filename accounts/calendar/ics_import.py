"""Import a calendar file as a whole or not at all.

A second import changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.actor import Actor
from accounts.calendar.days import ClosesOutsideHours, check_early
from accounts.calendar.hours import build_hours
from accounts.calendar.ics_diff import IGNORE, REMOVE, Item, compare, is_same
from accounts.calendar.ics_kinds import EARLY, LEAVE, TERM, closes_at, kind_of, names_of
from accounts.calendar.ics_reader import Event
from accounts.calendar.overview import may_edit_calendar
from accounts.calendar.services import change_calendar
from accounts.enums import ClosureKind
from accounts.models.school import Closure, Term
from malpas.lib.db.saving import save_fields
from malpas.lib.errors import RuleViolation


class FileRefused(RuleViolation):
    """Its days break a rule of the calendar.

    The sentence names the event.
    """


def to_do(items: Sequence[Item], kinds: Mapping[int, str]) -> list[tuple[Item, str]]:
    """Return the (item, kind) pairs that would change something.

    `kinds`: an item's number → the chosen kind.
    """
    chosen = [(item, kinds.get(item.number, item.kind) if item.may_choose else item.kind) for item in items]
    return [
        (_without_other_term(item, kind), kind)
        for item, kind in chosen
        if item.state == REMOVE
        or (item.may_choose and kind != LEAVE and not (item.row and is_same(item.row, item.event, kind)))
    ]


def _without_other_term(item: Item, kind: str) -> Item:
    """Return an item that changes the term on its days only when it is a term itself."""
    return replace(item, row=None) if item.state == IGNORE and kind != TERM else item


@transaction.atomic
def take_in_file(events: Sequence[Event], *, kinds: Mapping[int, str], by: Actor, today: date) -> int:
    """Import the file in one transaction with one audit entry.

    Return the number of rows. `kinds`: an event's number → the chosen kind. Writes nothing when nothing
    changes. Raises FileRefused.
    """
    if not may_edit_calendar(by):
        raise PermissionDenied
    if not to_do(compare(events, today=today), kinds):
        return 0
    with change_calendar(by=by, why="file"):
        acts = to_do(
            compare(events, today=today), kinds
        )  # compared again under the lock: another import may have written
        for item, kind in acts:
            _clear(item, kind)
        for item, kind in acts:
            if item.state != REMOVE:
                _write(item, kind)
    return len(acts)


def _clear(item: Item, kind: str) -> None:
    """Delete the row of a cancelled event or of a changed kind.

    Changed is one that was a term and is a closure now, or the reverse.
    """
    row = item.row
    if row and (item.state == REMOVE or (kind_of(row) == TERM) != (kind == TERM)):
        row.delete()


def _write(item: Item, kind: str) -> None:
    row = item.row if item.row and item.row.pk else None
    if row is None:
        row = Term() if kind == TERM else Closure()
    if isinstance(row, Closure):
        row.kind = ClosureKind.CLOSED if kind == EARLY else kind
        row.closes_at = closes_at(item.event) if kind == EARLY else None
    assert item.event.first and item.event.last  # events without days are never offered
    name, name_cy = names_of(item.event, kind)
    if name_cy or row.name != name:
        row.name_cy = name_cy  # else a Welsh name of what it was called before
    row.name, row.uid = name, item.event.uid
    row.starts, row.ends = item.event.first, item.event.last
    try:
        row.full_clean()
    except ValidationError as error:
        raise FileRefused(f"{row.name}: {' '.join(error.messages)}") from None
    if kind == EARLY:
        _check_time(row)
    save_fields(row, ("kind", "name", "name_cy", "uid", "starts", "ends", "closes_at"))


def _check_time(row: Term | Closure) -> None:
    assert isinstance(row, Closure)
    try:
        check_early(row.starts, row.closes_at, build_hours())
    except ClosesOutsideHours as violation:
        raise FileRefused(f"{row.name}: {violation.sentence}") from None
