"""What only the governor is shown of complaints about the head teacher (PA-7)."""

from django.db.models import Q

from accounts.actor import Actor
from accounts.enums import DeliveryState
from accounts.models.notifications import Delivery

LIMIT = 10


def failed_mails(actor: Actor) -> list[Delivery]:
    """Return the newest sealed e-mails that could not be sent, for the governor; none for all others.

    No other list or figure counts them: nobody else could tell the governor that a notice never came.
    """
    if not actor.is_governor:
        return []
    theirs = Q(user=actor.user) | Q(notification__is_sealed=True)
    failed = Delivery.objects.visible_to(actor).filter(theirs, is_sealed=True, state=DeliveryState.FAILED)
    return list(failed.order_by("-created_at", "-pk")[:LIMIT])
