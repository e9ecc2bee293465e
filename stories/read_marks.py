"""Note until when a parent has looked at the newsfeed."""

from datetime import datetime

from django.db import connection

from accounts.actor import Actor

MARK_SEEN = """
    INSERT INTO stories_feedmark AS k (reader_id, seen_until) VALUES (%s, %s)
    ON CONFLICT (reader_id) DO UPDATE SET seen_until = EXCLUDED.seen_until
    WHERE k.seen_until < EXCLUDED.seen_until
"""


def mark_seen(until: datetime, *, by: Actor, at: datetime) -> None:
    """Note that a parent has looked at what went out until this moment, in one statement.

    A mark never goes back, whichever of two open pages comes last, and never ahead of now. For nobody but parents.
    """
    if by.is_parent:
        with connection.cursor() as cursor:
            cursor.execute(MARK_SEEN, [by.user.pk, min(until, at)])
