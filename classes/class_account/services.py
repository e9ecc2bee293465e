"""Change who of the staff works for a class (TE-2)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.people import StaffMember
from accounts.notify.recheck import revoke_notifications
from accounts.staff.services import withdraw_pending_of
from classes.models.classrooms import Classroom


@transaction.atomic
def change_class_staff(
    classroom: Classroom, staff: Iterable[StaffMember], *, by: Actor, at: datetime
) -> None:
    """Set a class's staff; withdraw the pending messages of those removed.

    The staff who stay see these messages and can send them (F35, I6).
    """
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
