"""Take the locks that several services of this app share."""

from django.db import connection

from accounts.calendar.hours import school_hours
from accounts.calendar.services import lock_school_for_share
from accounts.models.people import User
from malpas.lib.hours import SchoolHours


def lock_writer(user: User) -> None:
    """Serialise what one person writes.

    A repeated request finds the first result, and a removal ends what they write.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM accounts_user WHERE id = %s FOR NO KEY UPDATE", [user.pk])


def locked_hours() -> SchoolHours:
    """Return the school's hours, locked as `lock_school_for_share` does."""
    return school_hours(lock_school_for_share())
