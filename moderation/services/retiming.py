from django.db import transaction

from accounts.clock import SchoolNow
from accounts.enums import DeliveryState
from accounts.models import Delivery, Notification
from malpas.lib.hours import SchoolHours
from moderation.notifications import KINDS


@transaction.atomic
def retime(hours: SchoolHours) -> int:
    """Gives what moderation has yet to tell its time by new hours; how many moved. Called when the calendar changes."""
    waiting = Notification.objects.filter(kind__in=KINDS, release_at__gt=SchoolNow())
    moved = 0
    for told in waiting.annotate(now=SchoolNow()).select_for_update():
        release = hours.release(told.now)
        if release == told.release_at:
            continue
        Notification.objects.filter(pk=told.pk).update(release_at=release)
        unsent = Delivery.objects.filter(notification=told, state=DeliveryState.PENDING)
        unsent.update(next_attempt_at=release)
        moved += 1
    return moved
