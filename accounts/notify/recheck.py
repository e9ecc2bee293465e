"""Whether somebody may still be told what they were to be told: asked of the app that tells it (I6).

Access can end between the notice and its e-mail, by any path: a guardianship that ends, a child who leaves or changes
class. So the question is put when the mail is about to go, not only when somebody's access is ended.
"""

from collections.abc import Collection, Iterable

from accounts import hooks
from accounts.calendar.services import lock_school_for_share
from accounts.clock import SchoolNow
from accounts.models.notifications import Delivery, Notification
from accounts.models.people import User


def lost_access(notices: Iterable[Notification]) -> set[int]:
    """The ids of the notices whose reader has lost the right to them. A kind that nobody asks about stays."""
    by_kind: dict[str, list[Notification]] = {}
    for notice in notices:
        if notice.kind in hooks.recheck_access.kinds:
            by_kind.setdefault(notice.kind, []).append(notice)
    return {pk for kind, found in by_kind.items() for pk in hooks.recheck_access.call(kind, found)}


def revoke_notifications(people: Collection[User | int]) -> int:
    """Takes back from these people what they may no longer know, with its mail not yet sent; how many notices.

    Call it in the transaction that ends their right.
    """
    notices = Notification.objects.filter(
        recipient__in=people, kind__in=hooks.recheck_access.kinds, withdrawn_at__isnull=True
    )
    gone = lost_access(notices)
    if not gone:
        return 0
    lock_school_for_share()
    Delivery.objects.filter(notification__in=gone).cancel()
    return Notification.objects.filter(pk__in=gone).update(withdrawn_at=SchoolNow())
