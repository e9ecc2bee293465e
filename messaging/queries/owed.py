"""Whether a notice of a message is still for its reader (I6)."""

from collections.abc import Collection

from accounts.models import Notification
from classes.models import Guardianship
from messaging.models import Message

PREFIX = "message:"


def lost_notices(notices: Collection[Notification]) -> set[int]:
    """Of these notices of messages, the ids of those whose parent has lost the child they are about. Two queries."""
    about = {
        notice.pk: int(notice.key.removeprefix(PREFIX))
        for notice in notices
        if notice.key.removeprefix(PREFIX).isdecimal()
    }
    found = Message.objects.filter(pk__in=about.values())
    talks = {pk: pair for pk, *pair in found.values_list("pk", "conversation__parent", "conversation__pupil")}
    live = Guardianship.objects.live_pairs({parent for parent, _pupil in talks.values()})
    lost = {pk for pk, (parent, pupil) in talks.items() if (parent, pupil) not in live}
    readers = {notice.pk: notice.recipient_id for notice in notices}
    return {pk for pk, message in about.items() if message in lost and readers[pk] == talks[message][0]}
