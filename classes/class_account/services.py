"""Change who of the staff works for a class (TE-2)."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import localtime

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.people import StaffMember
from accounts.notify.recheck import revoke_notifications
from accounts.staff.rules import check_works_here
from accounts.staff.services import withdraw_pending_of
from classes.models.classrooms import Classroom
from classes.rules import may_run_joining


@transaction.atomic
def change_class_staff(
    classroom: Classroom, staff: Iterable[StaffMember], *, by: Actor, at: datetime
) -> None:
    """Set a class's staff; withdraw the pending messages of those removed.

    The staff who stay see these messages and can send them (F35, I6). Raises PermissionDenied for all but office
    and leaders.
    """
    if not may_run_joining(by):
        raise PermissionDenied
    Classroom.objects.select_for_update().get(pk=classroom.pk)
    before, after = set(classroom.staff.all()), set(staff)
    classroom.staff.set(after)
    withdrawn = sum(withdraw_pending_of(gone, at, classroom.account) for gone in before - after)
    revoke_notifications([one.user_id for one in before - after if one.user_id])
    if before != after:
        gone, new = ([one.pk for one in each] for each in (before - after, after - before))
        record(
            "class.staff_changed",
            by=by,
            about=classroom,
            gone=sorted(gone),
            new=sorted(new),
            withdrawn=withdrawn,
        )


@transaction.atomic
def change_classes_of(
    staff: StaffMember,
    *,
    joins: Collection[Classroom],
    leaves: Collection[Classroom],
    by: Actor,
    at: datetime,
) -> None:
    """Put somebody on classes and take them off others.

    Who else works there stays.

    Raises PermissionDenied for all but office and leaders, StaffDeparted.
    """
    row = StaffMember.objects.select_for_update().get(pk=staff.pk)
    check_works_here(row, localtime(at).date())
    rooms = Classroom.objects.select_for_update(of=("self",)).filter(
        pk__in=[room.pk for room in (*joins, *leaves)]
    )
    for room in rooms.order_by("pk"):
        others = set(room.staff.all()) - {row}
        change_class_staff(room, others | {row} if room in joins else others, by=by, at=at)
