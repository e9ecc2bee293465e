"""Re-check access to pending notifications about points (I6)."""

from collections.abc import Collection

from accounts.models.notifications import Notification
from classes.models.guardianships import Guardianship


def lost_notices(notices: Collection[Notification]) -> set[int]:
    """Return the ids of notifications whose recipient lost access to the child.

    One query.
    """
    live = Guardianship.objects.live_pairs({notice.recipient_id for notice in notices})
    return {
        notice.pk
        for notice in notices
        if (child := notice.key.rpartition(":")[2]).isdecimal()
        and (notice.recipient_id, int(child)) not in live
    }
