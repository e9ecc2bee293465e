"""Note until when a parent has looked at the newsfeed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from accounts.actor import Actor
from stories.models import Post
from stories.queries import seen_until

MARK_SEEN = """
    INSERT INTO stories_feedmark AS k (reader_id, seen_until) VALUES (%s, %s)
    ON CONFLICT (reader_id) DO UPDATE SET seen_until = EXCLUDED.seen_until
    WHERE k.seen_until < EXCLUDED.seen_until
"""


def mark_seen(posts: Sequence[Post], *, by: Actor, at: datetime) -> None:
    """Note that a parent has looked at the newsfeed whose newest posts these are, in one statement.

    A mark never goes back, whichever of two open pages comes last. For nobody but parents.
    """
    until, known = posts[0].release_at if posts else at, seen_until(by)
    if not by.is_parent or (known is not None and known >= until):
        return
    with connection.cursor() as cursor:
        cursor.execute(MARK_SEEN, [by.user.pk, until])
