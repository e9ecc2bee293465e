"""Note what somebody has seen at the office.

No e-mail tells them of it.
"""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.actor import Actor
from accounts.enums import DeliveryState
from accounts.models.notifications import Delivery
from accounts.notify.notify import set_digest
from messaging.office.notifications import many_for_office
from messaging.office.queries.notices import gathered_in, notices_of
from messaging.office.recheck import ENQUIRY
from messaging.office.rules.enquiries import may_work_at_office


@transaction.atomic
def mark_viewed(*, by: Actor, at: datetime, seen: Collection[int]) -> None:
    """Note that a page has shown this person some notifications.

    `seen`: their ids.
    A digest that waits tells of the others alone; one that has none left is cancelled.
    """
    if not may_work_at_office(by):
        raise PermissionDenied
    digests = Delivery.objects.filter(user=by.user, digest=ENQUIRY, state=DeliveryState.PENDING)
    waiting = list(digests.select_for_update().order_by("pk"))  # first: what comes meanwhile counts itself
    notices_of(by).filter(pk__in=seen, seen_at__isnull=True).update(seen_at=at)
    for digest in waiting:
        unseen = gathered_in(digest, by).filter(seen_at__isnull=True).count()
        if not unseen:
            Delivery.objects.filter(pk=digest.pk).cancel()
        elif unseen != digest.notices:
            set_digest(digest, unseen, text=many_for_office, language=by.user.language)
