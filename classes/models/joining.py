"""Define how people get in: invitations, approvals, pupils' cards, class pages."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.clock import SchoolNow
from accounts.models.people import StaffMember, User
from classes.enums import Suspicion
from classes.models.classrooms import Classroom
from classes.models.guardianships import Contact, Guardianship
from classes.models.pupils import Pupil
from malpas.lib.db.append_only import append_only

# PA-2 at the row. The guardianship is locked, so that its facts do not change while a code is written.
# Only a new code is refused for want of a free slot: an existing one waits for a leader's approval.
FOR_A_GUARDIAN_OR_APPROVED = """
SELECT * INTO adult FROM classes_guardianship WHERE id = NEW.guardianship_id FOR SHARE;
IF adult.ended_at IS NOT NULL OR adult.restriction = 'no_access' THEN
    RAISE EXCEPTION 'invitation_for_somebody_with_access' USING ERRCODE = 'check_violation';
END IF;
IF code_needs_approval(adult.relationship, adult.parental_responsibility, adult.court_order, adult.suggestion)
   AND (NEW.approved_by_id IS NULL
        OR (TG_OP = 'INSERT' AND NEW.approved_by_id IS DISTINCT FROM adult.code_approved_by_id)) THEN
    RAISE EXCEPTION 'invitation_is_for_a_guardian_or_approved' USING ERRCODE = 'check_violation';
END IF;
IF TG_OP = 'INSERT' AND NEW.approved_by_id IS DISTINCT FROM adult.code_approved_by_id THEN
    IF NEW.approved_by_id IS NULL OR NOT EXISTS (
        SELECT 1 FROM classes_slotapproval a WHERE a.pupil_id = adult.pupil_id AND a.contact_id = adult.contact_id
        AND a.approved_by_id = NEW.approved_by_id AND a.reason = NEW.approval_reason
    ) THEN
        RAISE EXCEPTION 'invitation_approval_is_its_own' USING ERRCODE = 'check_violation';
    END IF;
END IF;
IF TG_OP = 'INSERT' AND 2 <= (
    SELECT count(*) FROM classes_guardianship taken WHERE taken.pupil_id = adult.pupil_id AND taken.id <> adult.id
    AND taken.slot IS NOT NULL AND taken.joined_at IS NOT NULL AND taken.ended_at IS NULL
) AND NOT EXISTS (
    SELECT 1 FROM classes_slotapproval a WHERE a.pupil_id = adult.pupil_id AND a.contact_id = adult.contact_id
) THEN
    RAISE EXCEPTION 'invitation_needs_a_slot' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        """Return usable codes: not used, withdrawn or expired by the database's clock."""
        return self.filter(used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=SchoolNow())

    def to_notify(self) -> InvitationQuerySet:
        """Return suspicious codes not yet notified to the office, however old."""
        return self.exclude(suspicion="").filter(office_notified_at__isnull=True)


class Invitation(models.Model):
    """A single-use code for one adult and one child.

    Only its keyed hash is stored (PA-1).
    """

    guardianship = models.ForeignKey(
        Guardianship, models.CASCADE, related_name="invitations", verbose_name=_("adult and child")
    )
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), db_default=SchoolNow())
    expires_at = models.DateTimeField(_("expires"))
    claimed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    used_at = models.DateTimeField(_("used"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)
    wrong_birthdays = models.BigIntegerField(default=0, db_default=0, editable=False)
    suspicion = models.TextField(
        _("what was odd"), choices=Suspicion, blank=True, default="", db_default="", editable=False
    )
    tried_by = models.ForeignKey(
        User,
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        db_constraint=False,
        db_index=False,
        verbose_name=_("tried by somebody else"),
    )
    office_notified_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        StaffMember,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        db_constraint=False,
        db_index=False,
        verbose_name=_("approved by"),
    )
    approval_reason = models.TextField(_("reason"), blank=True, default="", db_default="", editable=False)

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
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approval_reason="")
                | Q(approved_by__isnull=False) & ~Q(approval_reason__regex=r"^\s*$"),
                name="invitation_approval_has_a_reason",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="invitation_is_for_a_guardian_or_approved",
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("guardianship_id", "used_at", "approved_by_id", "approval_reason"),
                when=pgtrigger.Before,
                declare=[("adult", "classes_guardianship%ROWTYPE")],
                func=FOR_A_GUARDIAN_OR_APPROVED,
            )
        ]

    def __str__(self) -> str:
        return str(self.guardianship)


@append_only()
class SlotApproval(models.Model):
    """SLT's written reason for a third or later adult (PA-2)."""

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="+", verbose_name=_("pupil"))
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+", verbose_name=_("adult"))
    reason = models.TextField(_("reason"))
    approved_by = models.ForeignKey(
        StaffMember, models.PROTECT, related_name="+", editable=False, verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), db_default=SchoolNow())

    class Meta:
        verbose_name = _("approval of a further adult")
        verbose_name_plural = _("approvals of further adults")
        constraints = [
            models.CheckConstraint(condition=~Q(reason__regex=r"^\s*$"), name="approval_has_a_reason")
        ]
        triggers = [pgtrigger.Protect(name="approval_is_not_changed", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.contact} – {self.pupil}"


@append_only(updates=["decided_by", "decided_at", "is_approved", "answer"])
class ApprovalRequest(models.Model):
    """A question to the leaders about one adult and one child, and their written answer (PA-2).

    The office asks, or a leader answers unasked. `is_approved`: None while nobody has answered.
    """

    guardianship = models.ForeignKey(Guardianship, models.CASCADE, related_name="approval_requests")
    reason = models.TextField(_("reason"))
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=SchoolNow())
    decided_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    is_approved = models.BooleanField(null=True)
    answer = models.TextField(blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("request for an approval")
        verbose_name_plural = _("requests for an approval")
        constraints = [
            models.UniqueConstraint(
                fields=["guardianship"],
                name="approval_request_one_open",
                condition=Q(decided_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=~Q(reason__regex=r"^\s*$"), name="approval_request_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(
                    decided_at__isnull=True, decided_by__isnull=True, is_approved__isnull=True, answer=""
                )
                | Q(decided_at__isnull=False, decided_by__isnull=False, is_approved__isnull=False)
                & ~Q(answer__regex=r"^\s*$"),
                name="approval_request_answer_is_whole",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="approval_request_answer_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__decided_at__isnull=False),
            ),
            pgtrigger.Trigger(
                name="approval_request_is_answered_by_a_leader",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("decided_by_id"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__decided_by__isnull=False),
                func="""
                IF NOT EXISTS (SELECT 1 FROM accounts_staffmember s WHERE s.id = NEW.decided_by_id AND s.is_slt) THEN
                    RAISE EXCEPTION 'approval_request_is_answered_by_a_leader' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.guardianship)


class PupilCard(models.Model):
    """A pupil's printed card: a QR code, and three pictures in order.

    A new card ends the old one; only keyed hashes are stored (PU-4). A card from before the pictures has none. Wrong
    pictures are counted: in a row, and in all since the class last reset them. `dragon`: as printed, since a pupil may
    choose another.
    """

    pupil = models.OneToOneField(Pupil, models.CASCADE, related_name="card")
    dragon = ArrayField(models.PositiveSmallIntegerField(), size=5, default=list, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(db_default=SchoolNow())
    pictures_hash = models.TextField(blank=True, default="", db_default="", editable=False)
    wrong_in_a_row = models.BigIntegerField(default=0, db_default=0, editable=False)
    wrong = models.BigIntegerField(default=0, db_default=0, editable=False)
    shut_until = models.DateTimeField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return str(self.pupil)


class ClassPage(models.Model):
    """The secret address at which a class's pupils sign in.

    A new one ends the old (PU-4).
    """

    classroom = models.OneToOneField(Classroom, models.CASCADE, related_name="class_page")
    token_hash = models.TextField(unique=True, editable=False)
    made_at = models.DateTimeField(db_default=SchoolNow())

    def __str__(self) -> str:
        return str(self.classroom)
