"""Define uploaded rosters, what an import changed, and what an import said last."""

from __future__ import annotations

from datetime import timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.clock import SchoolNow
from accounts.models.people import User
from classes.enums import RosterState
from classes.models.guardianships import Contact
from classes.models.pupils import Pupil

WAITS_FOR = timedelta(hours=24)


class RosterImportQuerySet(models.QuerySet["RosterImport"]):
    def waiting_of(self, user: User) -> RosterImportQuerySet:
        """Return what this account uploaded within a day and has not applied.

        By the database's clock, whether or not the periodic task has run.
        """
        fresh = Q(uploaded_at__gt=SchoolNow() - WAITS_FOR)
        return self.filter(fresh, uploaded_by=user, state=RosterState.WAITING)

    def expired(self) -> RosterImportQuerySet:
        """Return files that nobody applied within a day, however old."""
        return self.filter(state=RosterState.WAITING, uploaded_at__lte=SchoolNow() - WAITS_FOR)

    def to_undo(self) -> RosterImportQuerySet:
        """Return the import that may be undone.

        The last one that changed something.
        """
        return self.filter(state=RosterState.APPLIED, undo__isnull=False).order_by("-pk")


class RosterImport(models.Model):
    """A roster from its upload to its import, and back.

    `file` is there only while it waits. `same`: what was said of people who are here under another id, `same_classes` of classes that were renamed here. `figures` counts what the import did. `undo` holds what it made and changed,
    until a later import or the undoing itself; a command's import has no account.
    """

    key = models.UUIDField(editable=False)
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(db_default=SchoolNow())
    name = models.TextField()
    state = models.TextField(choices=RosterState, default=RosterState.WAITING)
    file = models.BinaryField(null=True)
    same = models.TextField(blank=True, default="")
    same_classes = models.TextField(blank=True, default="")
    figures = models.JSONField(default=dict)
    undo = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = RosterImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("roster")
        verbose_name_plural = _("rosters")
        constraints = [
            models.UniqueConstraint(fields=["uploaded_by", "key"], name="roster_import_once_for_each_key"),
            models.CheckConstraint(
                condition=Q(state=RosterState.WAITING, file__isnull=False, applied_at__isnull=True)
                | ~Q(state=RosterState.WAITING) & Q(file__isnull=True, applied_at__isnull=False),
                name="roster_import_has_its_file_while_it_waits",
            ),
            models.CheckConstraint(
                condition=Q(state=RosterState.UNDONE, undone_at__isnull=False, undo__isnull=True)
                | ~Q(state=RosterState.UNDONE) & Q(undone_at__isnull=True),
                name="roster_import_is_undone_once",
            ),
            models.UniqueConstraint(
                fields=["state"],
                name="roster_import_one_to_undo",
                condition=Q(state=RosterState.APPLIED, undo__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RosterColumn(models.Model):
    """Which of our fields a column of the school's export is, as somebody said.

    `title`: the header without case and spaces; `header`: as it was written. `field`: '' for a column that is not read.
    """

    title = models.TextField(unique=True)
    header = models.TextField()
    field = models.TextField(blank=True, default="")
    set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("column of the roster")
        verbose_name_plural = _("columns of the roster")

    def __str__(self) -> str:
        return self.title


class RosterRecord(models.Model):
    """What the last import said of a child's or an adult's names and addresses.

    Where the portal has something else since, somebody has corrected it by hand.
    """

    pupil = models.OneToOneField(Pupil, models.CASCADE, null=True, related_name="roster_record")
    contact = models.OneToOneField(Contact, models.CASCADE, null=True, related_name="roster_record")
    said = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("record of the roster")
        verbose_name_plural = _("records of the roster")
        constraints = [
            models.CheckConstraint(
                condition=Q(pupil__isnull=True, contact__isnull=False)
                | Q(pupil__isnull=False, contact__isnull=True),
                name="roster_record_of_one",
            )
        ]

    def __str__(self) -> str:
        return str(self.pupil or self.contact)
