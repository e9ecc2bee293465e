"""Define the history of people's records: who changed which value by hand."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.clock import SchoolNow
from accounts.models.people import StaffMember, User
from classes.models.guardianships import Contact
from classes.models.pupils import Pupil
from malpas.lib.db.append_only import append_only


@append_only()
class RecordChange(models.Model):
    """One value of a child's or an adult's record that somebody changed by hand.

    Names and addresses stand here and not in the audit log, so that they go with the person. `field`: a column, or
    'added' and 'connected'; a new connection names both. `key`: the idempotency key of what was added.
    """

    pupil = models.ForeignKey(Pupil, models.CASCADE, null=True, related_name="changes")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="changes")
    field = models.TextField()
    old = models.TextField(blank=True, default="", db_default="")
    new = models.TextField(blank=True, default="", db_default="")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_default=SchoolNow())
    key = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("change of a record")
        verbose_name_plural = _("changes of records")
        constraints = [
            models.UniqueConstraint(fields=["by", "key"], name="record_change_once_for_each_key"),
            models.CheckConstraint(
                condition=Q(pupil__isnull=False) | Q(contact__isnull=False),
                name="record_change_is_about_somebody",
            ),
        ]
        triggers = [pgtrigger.Protect(name="record_change_stays", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.field
