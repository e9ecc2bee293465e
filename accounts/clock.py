"""Read the portal's one clock, the database's.

So no wrong process clock decides an arrival. `school_now()` is a database function that returns `now()`.
Rehearsals and tests replace it, and every process then agrees.
"""

from datetime import datetime

from django.db import connection

from malpas.lib.db.clock import ON_ITS_WAY, SchoolNow, SchoolToday, ThisInstant

__all__ = ["ON_ITS_WAY", "SchoolNow", "SchoolToday", "ThisInstant", "school_now"]


def school_now() -> datetime:
    """Return the database's clock, aware, in UTC.

    For views, tasks, admin and commands only.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT school_now()")
        return cursor.fetchone()[0]
