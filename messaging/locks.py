"""Take the locks that several services of this app share."""

from accounts.calendar.hours import school_hours
from accounts.calendar.services import lock_school_for_share
from accounts.models.people import User
from malpas.lib.hours import SchoolHours


def lock_writer(user: User) -> None:
    """Serialise what one person writes.

    A repeated request finds the first result, and a removal ends what they write.
    """
    User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk").first()


def locked_hours() -> SchoolHours:
    """Return the school's hours, locked as `lock_school_for_share` does."""
    return school_hours(lock_school_for_share())
