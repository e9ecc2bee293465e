"""Withdraw notifications on the day from which a child has left."""

from django.db import transaction

from accounts.notify.recheck import revoke_notifications
from classes.models.guardianships import Contact
from classes.models.pupils import Pupil


@transaction.atomic
def withdraw_notices_of_departed_due() -> int:
    """Withdraw what families of departed children may no longer know (PA-4).

    Returns how many. A leaving date may have been entered months before, so there is no lower bound. A second run
    finds nothing.
    """
    gone = Pupil.objects.exclude(pk__in=Pupil.objects.here().values("pk"))
    adults = Contact.objects.filter(guardianships__pupil__in=gone, user__isnull=False)
    return revoke_notifications(list(adults.values_list("user", flat=True).distinct()))
