"""What happens by itself on the day from which a child is no longer of the school."""

from django.db import transaction

from accounts.notify.recheck import revoke_notifications
from classes.models.guardianships import Contact
from classes.models.pupils import Pupil


@transaction.atomic
def withdraw_notices_of_departed_due() -> int:
    """Withdraw what families of children who have left may no longer know; how many notices (PA-4).

    A leaving date may have been entered months before. However old it is: asked again, nothing is left to withdraw.
    """
    gone = Pupil.objects.exclude(pk__in=Pupil.objects.here().values("pk"))
    adults = Contact.objects.filter(guardianships__pupil__in=gone, user__isnull=False)
    return revoke_notifications(list(adults.values_list("user", flat=True).distinct()))
