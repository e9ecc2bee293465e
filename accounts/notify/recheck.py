"""Ask each notification's app whether its recipient still has access (I6).

Access can end between the notification and its e-mail on many paths, so this is asked when the mail is about to
go, not only when somebody's access is ended.
"""

from collections.abc import Collection, Iterable

from accounts import hooks
from accounts.calendar.services import lock_school_for_share
from accounts.clock import SchoolNow
from accounts.models.notifications import Delivery, Notification
from accounts.models.people import User


def lost_access(notices: Iterable[Notification]) -> set[int]:
    """Return the ids of notifications whose recipient has lost access.

    Kinds without a check stay.
    """
    by_kind: dict[str, list[Notification]] = {}
    for notice in notices:
        if notice.kind in hooks.recheck_access.kinds:
            by_kind.setdefault(notice.kind, []).append(notice)
    return {pk for kind, found in by_kind.items() for pk in hooks.recheck_access.call(kind, found)}


def revoke_notifications(people: Collection[User | int]) -> int:
    """Withdraw what these people may no longer see, with unsent mail.

    Return how many. Call it in the transaction that ends their access.
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
