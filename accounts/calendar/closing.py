"""Say what closing school would keep waiting, before school is closed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from accounts import hooks
from accounts.actor import Actor
from accounts.calendar.days import close_school
from accounts.calendar.hours import build_hours
from malpas.lib.hours import SchoolHours


class ClosingPreview(NamedTuple):
    """What a closing means. `waits`: what waits longer, in words; `opens`: the next opening then (UTC)."""

    waits: list[str]
    opens: datetime | None


@transaction.atomic
def preview_closing(closing: Mapping[str, Any], *, by: Actor, at: datetime) -> ClosingPreview:
    """Return what this closing would mean; school stays open. Raises what `close_school` raises."""
    hours = _hours_after(build_hours(), closing["first"], closing["last"], closing["closes_at"])
    waits = [said for each in hooks.waits_longer.call_all(hours) for said in each]
    with transaction.atomic():
        close_school(**closing, by=by)  # what would be refused is refused before it is asked about
        transaction.set_rollback(True)
    return ClosingPreview(waits, hours.next_opening(at))


def _hours_after(hours: SchoolHours, first: date, last: date, closes_at: time | None) -> SchoolHours:
    if closes_at is not None:
        earliest = min(closes_at, hours.early.get(first, closes_at))
        return replace(hours, early={**hours.early, first: earliest})
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return replace(hours, closed=hours.closed | frozenset(days))
