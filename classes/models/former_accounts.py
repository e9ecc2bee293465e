"""Define the accounts that adults of the records had before."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.clock import SchoolNow
from accounts.models.people import User
from classes.models.guardianships import Contact


class FormerAccount(models.Model):
    """An account that was an adult's, and is theirs no more.

    What it wrote stays theirs.

    A trigger of the adult's row writes it, whichever way the account goes.
    """

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="former_accounts")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=SchoolNow())

    class Meta:
        verbose_name = _("former account of an adult")
        verbose_name_plural = _("former accounts of adults")
        constraints = [
            models.UniqueConstraint(fields=["contact", "user"], name="former_account_once"),
        ]

    def __str__(self) -> str:
        return f"{self.contact}: {self.user}"
