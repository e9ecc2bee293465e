"""The browsers that a person has signed in with.

So a new one is reported.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.clock import SchoolNow
from accounts.models.people import User


class Device(models.Model):
    """A known browser. `mark`.

    The SHA-256 of its random cookie, never the cookie.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="devices")
    mark = models.TextField(max_length=64)
    browser = models.TextField(max_length=40)
    first_seen_at = models.DateTimeField(db_default=SchoolNow())

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        constraints: ClassVar[list] = [
            models.UniqueConstraint(fields=["user", "mark", "browser"], name="device_once")
        ]

    def __str__(self) -> str:
        return self.browser
