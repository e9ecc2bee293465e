"""Find the notifications of work at the office (PA-7)."""

from collections.abc import Iterable

from django.db.models import F, Func, Q, QuerySet, TextField, Value

from accounts.actor import Actor
from accounts.models.notifications import Delivery, Notification
from messaging.models.enquiries import Enquiry
from messaging.office.recheck import ENQUIRY, OFFICE_KEY
from messaging.office.rules.enquiries import may_work_at_office


def notices_about(actor: Actor, listed: Iterable[Enquiry]) -> list[int]:
    """Return this person's unseen notifications about the enquiries listed.

    Their ids, for a page.
    """
    about = [str(enquiry.pk) for enquiry in listed]
    if not about or not may_work_at_office(actor):
        return []
    number = Func(F("key"), Value(":"), Value(2), function="split_part", output_field=TextField())
    rows = notices_of(actor).filter(seen_at__isnull=True).alias(about=number).filter(about__in=about)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def notices_of(actor: Actor) -> QuerySet[Notification]:
    """Filter this person's notifications of work at the office, without sealed ones."""
    mine = Notification.objects.filter(recipient=actor.user, kind=ENQUIRY, is_sealed=False)
    return mine.filter(key__startswith=OFFICE_KEY)


def gathered_in(digest: Delivery, actor: Actor) -> QuerySet[Notification]:
    """Filter the notifications of which this digest tells its reader.

    They begin with its own and end before the next digest's; what had an e-mail of its own is not among them.
    """
    later = Delivery.objects.filter(
        user=actor.user, digest=ENQUIRY, notification_id__gt=digest.notification_id
    )
    following = later.order_by("notification_id").values_list("notification_id", flat=True).first()
    inside = Q(pk__gte=digest.notification_id) & (Q(pk__lt=following) if following else Q())
    return notices_of(actor).filter(inside).exclude(deliveries__digest="")
