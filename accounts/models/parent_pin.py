"""The PIN of the parent lock (PA-11)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.clock import SchoolNow
from accounts.models.people import User
from accounts.models.pins import ThrottledPin

MOST_WRONG = 10


class ParentPin(ThrottledPin):
    """A parent's own PIN. After ten wrong tries in a row only the password opens the lock."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="parent_pin")
    chosen_at = models.DateTimeField(db_default=SchoolNow())

    class Meta:
        verbose_name = _("grown-up PIN")
        verbose_name_plural = _("grown-up PINs")
        constraints = [
            models.CheckConstraint(
                condition=Q(pin_failures__gte=0, pin_failures__lte=MOST_WRONG),
                name="parent_lock_pin_tries_end",
            ),
            models.CheckConstraint(condition=Q(pin__startswith="argon2$"), name="parent_lock_pin_is_hashed"),
        ]

    def __str__(self) -> str:
        return f"PIN of {self.user_id}"

    @property
    def is_closed(self) -> bool:
        """Whether only the password opens the lock now."""
        return self.pin_failures >= MOST_WRONG
