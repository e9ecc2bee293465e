"""The columns of a PIN whose wrong tries are counted."""

from django.db import models


class ThrottledPin(models.Model):
    """A hashed PIN. `pin_failures` counts wrong tries in a row; `accounts.codes.throttled_pin` changes them."""

    pin = models.CharField(max_length=160, blank=True, editable=False)
    pin_failures = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)
    pin_locked_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
