"""How people get in: invitations for adults, cards for pupils, approvals for a third adult."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.clock import SchoolNow
from accounts.models import StaffMember, User
from classes.models.people import Contact, Guardianship, Pupil


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        """Codes that still open the door: not used, not withdrawn, not expired by the database's clock."""
        return self.filter(used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=SchoolNow())


class Invitation(models.Model):
    """A single-use code for one adult and one child. Only its keyed hash is kept (PA-1)."""

    guardianship = models.ForeignKey(Guardianship, models.CASCADE, related_name="invitations")
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), db_default=SchoolNow())
    expires_at = models.DateTimeField(_("expires"))
    claimed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    used_at = models.DateTimeField(_("used"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["guardianship"],
                name="invitation_one_open",
                condition=Q(used_at__isnull=True, withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="invitation_expires_later"),
        ]

    def __str__(self) -> str:
        return str(self.guardianship)


class PlaceApproval(models.Model):
    """SLT's written reason for a third or later adult (PA-2)."""

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="+", verbose_name=_("pupil"))
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+", verbose_name=_("adult"))
    reason = models.TextField(_("reason"))
    approved_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+", editable=False)
    approved_at = models.DateTimeField(_("approved"), db_default=SchoolNow())

    class Meta:
        verbose_name = _("approval of a further adult")
        verbose_name_plural = _("approvals of further adults")
        constraints = [
            models.CheckConstraint(condition=~Q(reason__regex=r"^\s*$"), name="approval_has_a_reason")
        ]
        triggers = [pgtrigger.Protect(name="approval_is_kept", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.contact} – {self.pupil}"


class PupilCard(models.Model):
    """The card that a class prints for a pupil. A new one ends the old; only the keyed hash is kept (PU-4)."""

    pupil = models.OneToOneField(Pupil, models.CASCADE, related_name="card")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(db_default=SchoolNow())

    def __str__(self) -> str:
        return str(self.pupil)
