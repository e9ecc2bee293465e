"""A change of the school's hours or days gives everything that waits its new time, in the same transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import F

from accounts.actor import Actor
from accounts.models import School
from accounts.queries import build_hours
from accounts.services.audit import record
from malpas.lib.hours import SchoolHours

_retimers: list[Callable[[SchoolHours], int]] = []


def retime_with(retimer: Callable[[SchoolHours], int]) -> None:
    """Registers an upper app's function that gives its waiting rows their time by new hours; it returns how many."""
    if retimer not in _retimers:
        _retimers.append(retimer)


@contextmanager
def change_calendar(*, by: Actor | None, why: str) -> Iterator[None]:
    """Everything that changes hours, terms or closures happens inside this, or not at all (policy: Times)."""
    with transaction.atomic():
        School.objects.select_for_update().filter(pk=1).first()
        yield
        School.objects.filter(pk=1).update(calendar_version=F("calendar_version") + 1)
        hours = build_hours()  # not the kept ones: a change that is rolled back must leave nothing behind
        moved = sum(retimer(hours) for retimer in _retimers)
        record("calendar.changed", by=by, why=why, moved=moved)
