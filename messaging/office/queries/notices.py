"""Find the notifications of work at the office (PA-7)."""

from django.db.models import Max, QuerySet

from accounts.actor import Actor
from accounts.models.notifications import Notification
from messaging.office.recheck import ENQUIRY, OFFICE_KEY


def newest_notice(actor: Actor) -> int:
    """Return the id of this person's newest notification of the office that they have not seen; 0: none."""
    return notices_of(actor).filter(seen_at__isnull=True).aggregate(newest=Max("pk"))["newest"] or 0


def notices_of(actor: Actor) -> QuerySet[Notification]:
    """Filter this person's notifications of work at the office, without sealed ones."""
    mine = Notification.objects.filter(recipient=actor.user, kind=ENQUIRY, is_sealed=False)
    return mine.filter(key__startswith=OFFICE_KEY)
