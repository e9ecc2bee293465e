"""Re-check whether a message's notification is still due (I6)."""

from collections.abc import Collection

from accounts.models.notifications import Notification
from accounts.models.people import StaffMember
from classes.models.guardianships import Guardianship
from messaging.models.conversations import Message

PREFIX = "message:"


def lost_notices(notices: Collection[Notification]) -> set[int]:
    """Return the ids of notifications whose reader has lost access.

    A parent has lost the guardianship, a member of staff the school or the class, a class account the
    child. Three queries.
    """
    about = {
        notice.pk: int(notice.key.removeprefix(PREFIX))
        for notice in notices
        if notice.key.removeprefix(PREFIX).isdecimal()
    }
    readers = {notice.pk: notice.recipient_id for notice in notices}
    columns = ("conversation__parent", "conversation__pupil", "conversation__pupil__classroom")
    rows = Message.objects.filter(pk__in=about.values())
    facts = {pk: found for pk, *found in rows.values_list("pk", *columns, f"{columns[-1]}__account")}
    live = Guardianship.objects.live_pairs({parent for parent, *_rest in facts.values()})
    here = StaffMember.objects.here().filter(user__in=readers.values())
    works = set(here.values_list("user", "classrooms"))

    def is_theirs(reader: int, parent: int, pupil: int, room: int | None, account: int | None) -> bool:
        if reader == parent:
            return (parent, pupil) in live
        return room is not None and (reader == account or (reader, room) in works)

    return {
        pk
        for pk, message in about.items()
        if message in facts and not is_theirs(readers[pk], *facts[message])
    }
