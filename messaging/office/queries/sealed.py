"""Read what only the governor sees of complaints about the head (PA-7)."""

from django.db.models import Q

from accounts.actor import Actor
from accounts.enums import DeliveryState
from accounts.models.notifications import Delivery

LIMIT = 10


def failed_mails(actor: Actor) -> list[Delivery]:
    """Return the newest sealed e-mails that failed, for the governor.

    No other list or figure counts them, and nobody else could tell the governor that one never came.
    """
    if not actor.is_governor:
        return []
    theirs = Q(user=actor.user) | Q(notification__is_sealed=True)
    failed = Delivery.objects.visible_to(actor).filter(theirs, is_sealed=True, state=DeliveryState.FAILED)
    return list(failed.order_by("-created_at", "-pk")[:LIMIT])
