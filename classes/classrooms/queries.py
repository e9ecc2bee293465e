"""Find classes for the pages that make, rename and retire them."""

from typing import NamedTuple

from django.db.models import Count, Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.actor import Actor
from accounts.models.people import StaffMember
from classes.models.classrooms import Classroom
from classes.models.pupils import Pupil, pupil_here
from classes.rules import may_run_joining


class ClassRow(NamedTuple):
    """A class on the list.

    `lacks`: whether it lacks an account, staff, staff with a PIN.

    `is_closed`: its account is retired; with children it is a class that lacks an account.
    """

    classroom: Classroom
    children: int
    staff: list[StaffMember]
    is_closed: bool
    lacks: list[str]

    @property
    def is_retired(self) -> bool:
        """Whether it is closed and has no children."""
        return self.is_closed and not self.children

    @property
    def is_unread(self) -> bool:
        """Whether nobody reads what families write to it, so that nobody can."""
        return ACCOUNT in self.lacks or STAFF in self.lacks


ACCOUNT, STAFF, PIN = "account", "staff", "pin"


def get_class_for(actor: Actor, pk: int) -> Classroom:
    """Return a class for its page.

    Raises Http404 for all but office and leaders.
    """
    if not may_run_joining(actor):
        raise Http404
    return get_object_or_404(Classroom.objects.select_related("account"), pk=pk)


def class_rows(pk: int | None = None) -> list[ClassRow]:
    """Return the classes by name, or the one with this id.

    In a constant number of queries.
    """
    rooms = Classroom.objects.select_related("account")
    rooms = rooms.annotate(number=Count("pupils", filter=pupil_here("pupils__"), distinct=True))
    here = Prefetch("staff", StaffMember.objects.here(), to_attr="staff_here")
    found = rooms.prefetch_related(here) if pk is None else rooms.prefetch_related(here).filter(pk=pk)
    return [_row(room) for room in found]


def _row(room) -> ClassRow:
    account, staff = room.account, list(room.staff_here)
    opens = account is not None and account.is_active and account.removed_at is None
    is_closed = account is not None and not opens
    lacks = [] if opens else [ACCOUNT]
    if not staff:
        lacks.append(STAFF)
    elif not any(person.pin for person in staff):
        lacks.append(PIN)
    return ClassRow(room, room.number, staff, is_closed, lacks if room.number or not is_closed else [])


def children_in(classroom: Classroom) -> int:
    """Return how many children are in this class today."""
    return Pupil.objects.here().filter(classroom=classroom).count()
