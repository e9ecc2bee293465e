"""The PIN of a parent lock (PA-11)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.clock import SchoolNow
from accounts.models.people import User

MOST_WRONG = 10


class ParentPin(models.Model):
    """A parent's own PIN, hashed. `wrong`: tries in a row; at ten it opens nothing until the password has."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="parent_pin")
    pin = models.TextField()
    wrong = models.BigIntegerField(default=0, db_default=0)
    paused_until = models.DateTimeField(null=True, blank=True)
    chosen_at = models.DateTimeField(db_default=SchoolNow())

    class Meta:
        verbose_name = _("grown-up PIN")
        verbose_name_plural = _("grown-up PINs")
        constraints = [
            models.CheckConstraint(
                condition=Q(wrong__gte=0, wrong__lte=MOST_WRONG), name="parent_lock_pin_tries_end"
            ),
            models.CheckConstraint(condition=Q(pin__startswith="argon2$"), name="parent_lock_pin_is_hashed"),
        ]

    def __str__(self) -> str:
        return f"PIN of {self.user_id}"

    @property
    def is_shut(self) -> bool:
        """Guessed at too often: only the password opens now."""
        return self.wrong >= MOST_WRONG
