"""Define what somebody has said of two records that might be one person."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.clock import SchoolNow
from accounts.models.people import StaffMember, User
from classes.models.guardianships import Contact


class NotSame(models.Model):
    """Two adults of the records who are two people.

    Nobody is asked again.

    `one` has the smaller id.
    """

    one = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    other = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_default=SchoolNow())

    class Meta:
        verbose_name = _("two people of like names")
        verbose_name_plural = _("two people of like names")
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="not_same_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="not_same_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one} – {self.other}"
