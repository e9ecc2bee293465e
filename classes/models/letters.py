"""Define sets of letters that a worker makes."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.clock import SchoolNow
from accounts.models.people import User
from classes.enums import LetterSetFailure, LetterSetState

READABLE_FOR = timedelta(hours=1)


class LetterSetQuerySet(models.QuerySet["LetterSet"]):
    def due(self) -> LetterSetQuerySet:
        """Return requested sets that no worker holds, however old."""
        free = Q(lease_until__isnull=True) | Q(lease_until__lte=SchoolNow())
        return self.filter(free, state=LetterSetState.REQUESTED)

    def of(self, user: User) -> LetterSetQuerySet:
        """Return the sets that this account requested, without the file."""
        return self.filter(requested_by=user).defer("sealed")

    def readable(self) -> LetterSetQuerySet:
        """Return sets ready for less than an hour by the database's clock.

        Whether or not the periodic task has run.
        """
        return self.filter(state=LetterSetState.READY, ready_at__gt=SchoolNow() - READABLE_FOR)

    def to_expire(self) -> LetterSetQuerySet:
        """Return sets ready for an hour and not downloaded, however old."""
        return self.filter(state=LetterSetState.READY, ready_at__lte=SchoolNow() - READABLE_FOR)


class LetterSet(models.Model):
    """A request for letters.

    Many are made by a worker, few are drawn at once (PA-1).

    `key`: the idempotency key, and the secret in the address. `sealed`: the PDF, encrypted with a key that the
    database does not hold; there only from when it is ready until it was downloaded, an hour at most.
    """

    key = models.UUIDField(editable=False)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(db_default=SchoolNow())
    name = models.TextField()
    guardianships = ArrayField(models.BigIntegerField())
    by_hand = models.BooleanField()
    ends = models.BigIntegerField(null=True)
    state = models.TextField(choices=LetterSetState, default=LetterSetState.REQUESTED)
    failure = models.TextField(choices=LetterSetFailure, blank=True, default="", db_default="")
    attempts = models.BigIntegerField(default=0, db_default=0)
    lease_until = models.DateTimeField(null=True)
    invitations = ArrayField(models.BigIntegerField(), default=list)
    sealed = models.BinaryField(null=True)
    ready_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)

    objects = LetterSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("set of letters")
        verbose_name_plural = _("sets of letters")
        constraints = [
            models.UniqueConstraint(fields=["requested_by", "key"], name="letter_set_once_for_each_key"),
            models.CheckConstraint(
                condition=Q(state=LetterSetState.READY, sealed__isnull=False, ready_at__isnull=False)
                | ~Q(state=LetterSetState.READY) & Q(sealed__isnull=True),
                name="letter_set_is_sealed_while_ready",
            ),
            models.CheckConstraint(
                condition=Q(state=LetterSetState.FAILED) & ~Q(failure="")
                | ~Q(state=LetterSetState.FAILED) & Q(failure=""),
                name="letter_set_failed_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state"],
                name="letter_set_open",
                condition=Q(state__in=[LetterSetState.REQUESTED, LetterSetState.READY]),
            )
        ]

    def __str__(self) -> str:
        return self.name
