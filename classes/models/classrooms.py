"""Define classrooms."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.models.people import StaffMember, User

# What `ClassroomQuerySet.read_by_somebody` says, for statements written by hand: of a class r.
READ_BY_SOMEBODY = """
    EXISTS (SELECT 1 FROM accounts_user a WHERE a.id = r.account_id AND a.is_active AND a.removed_at IS NULL)
    AND EXISTS (
        SELECT 1 FROM classes_classroom_staff w JOIN accounts_staffmember s ON s.id = w.staffmember_id
        WHERE w.classroom_id = r.id AND s.left_on IS NULL
            AND (s.leaves_on IS NULL OR s.leaves_on > (school_now() AT TIME ZONE 'Europe/London')::date)
    )
"""


class ClassroomQuerySet(models.QuerySet["Classroom"]):
    def read_by_somebody(self) -> ClassroomQuerySet:
        """Return classes with an active account and staff to read messages (TE-2)."""
        staff = StaffMember.objects.here().filter(classrooms=OuterRef("pk"))
        return self.filter(Exists(staff), account__is_active=True, account__removed_at__isnull=True)


class Classroom(models.Model):
    """A class, with its shared account and its staff.

    `roster_name`: what the school's system calls it, where that is another name. `renamed_from`: its name before it was
    renamed here; the next roster that has that name asks whether it is this class.
    """

    name = models.CharField(_("name"), max_length=60, unique=True)
    account = models.OneToOneField(
        User, models.PROTECT, null=True, blank=True, related_name="classroom", verbose_name=_("class account")
    )
    staff = models.ManyToManyField(
        StaffMember, blank=True, related_name="classrooms", verbose_name=_("staff")
    )

    roster_name = models.TextField(blank=True, default="", db_default="", editable=False)
    renamed_from = models.TextField(blank=True, default="", db_default="", editable=False)

    objects = ClassroomQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("class")
        verbose_name_plural = _("classes")

    def __str__(self) -> str:
        return self.name
