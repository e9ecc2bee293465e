"""Note that somebody has looked at the office's list, so that no e-mail tells them of it."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.actor import Actor
from accounts.enums import DeliveryState
from accounts.models.notifications import Delivery
from messaging.office.queries.notices import notices_of
from messaging.office.recheck import ENQUIRY
from messaging.office.rules.enquiries import may_work_at_office


@transaction.atomic
def mark_viewed(*, by: Actor, at: datetime, seen: int) -> None:
    """Note that this person has seen the list up to the notification `seen` (its id).

    A digest that waits is cancelled, unless something newer has come, which the page did not show.
    """
    if not may_work_at_office(by):
        raise PermissionDenied
    notices = notices_of(by)
    notices.filter(pk__lte=seen, seen_at__isnull=True).update(seen_at=at)
    if not notices.filter(pk__gt=seen, seen_at__isnull=True).exists():
        Delivery.objects.filter(user=by.user, digest=ENQUIRY, state=DeliveryState.PENDING).cancel()
