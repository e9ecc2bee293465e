"""Locks that several services of this app take."""

from accounts.calendar.hours import school_hours
from accounts.calendar.services import lock_school_for_share
from accounts.models.people import User
from malpas.lib.hours import SchoolHours


def lock_writer(user: User) -> None:
    """One writer's posts come one after the other, so that a second press finds the first, and a removal ends them."""
    User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk").first()


def locked_hours() -> SchoolHours:
    """The school's hours, held as `lock_school_for_share` does."""
    return school_hours(lock_school_for_share())
