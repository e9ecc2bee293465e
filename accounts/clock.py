"""The portal's one clock: the database's, so that no process with a wrong clock decides an arrival.

`school_now()` is a function in the database that answers `now()`. Rehearsals and tests that need another
hour replace that function; every process then agrees on it.
"""

from datetime import datetime

from django.db import connection

from malpas.lib.db.clock import ON_ITS_WAY, SchoolNow, SchoolToday, ThisInstant

__all__ = ["ON_ITS_WAY", "SchoolNow", "SchoolToday", "ThisInstant", "school_now"]


def school_now() -> datetime:
    """The database's clock, aware, in UTC. Called by views, tasks, admin and commands only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT school_now()")
        return cursor.fetchone()[0]
