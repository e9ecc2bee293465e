"""Mark messages as read."""

from datetime import datetime

from django.db import connection

from accounts.actor import Actor
from malpas.lib.hours import SchoolHours

READ = """
    UPDATE messaging_message m SET read_at = %(read_at)s
    FROM messaging_message last
    WHERE last.id = %(seen)s AND last.conversation_id = %(conversation)s AND m.conversation_id = last.conversation_id
    AND m.from_class <> %(by_class)s AND m.read_at IS NULL AND m.withdrawn_at IS NULL
    AND m.release_at <= school_now() AND (m.release_at, m.id) <= (last.release_at, last.id)
"""


def mark_read(conversation: int, *, by: Actor, at: datetime, hours: SchoolHours, seen: int) -> int:
    """Mark arrived messages of the other side as read; return how many.

    `conversation`: its id. `seen`: the id of the other side's last message on the page (0: none); what
    arrived later was not read. A reading by the class in quiet hours counts from the next opening: nobody
    learns that staff looked at night.
    """
    read_at = hours.release(at) if by.is_class else at
    with connection.cursor() as cursor:
        cursor.execute(
            READ, {"read_at": read_at, "seen": seen, "conversation": conversation, "by_class": by.is_class}
        )
        return cursor.rowcount
