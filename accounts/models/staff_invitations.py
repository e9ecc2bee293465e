"""Invitations that connect a staff record with an account."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.clock import SchoolNow
from accounts.models.people import StaffMember, User
from malpas.lib.db.append_only import append_only

IN_FORCE = Q(accepted_at__isnull=False, ended_at__isnull=True)


class StaffInvitationQuerySet(models.QuerySet["StaffInvitation"]):
    def open(self) -> "StaffInvitationQuerySet":
        """Return links that still work: not accepted, withdrawn or expired."""
        return self.unanswered().filter(expires_at__gt=SchoolNow(), staff__left_on__isnull=True)

    def unanswered(self) -> "StaffInvitationQuerySet":
        """Return those neither accepted nor withdrawn, expired or not."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)

    def in_force(self) -> "StaffInvitationQuerySet":
        """Return those whose account is still that member of staff's."""
        return self.filter(IN_FORCE)


@append_only(updates=["withdrawn_at", "accepted_at", "accepted_by", "ended_at"])
class StaffInvitation(models.Model):
    """A mailed, single-use link that connects an account with a record (AU-6, AU-8).

    Only a keyed hash of the link is stored. `sent_by` None: made and accepted by a command on the server.
    """

    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="invitations")
    address = models.TextField(_("e-mail address"))
    token_hash = models.TextField(null=True, unique=True, editable=False)  # noqa: DJ001  several NULLs are unique
    sent_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(db_default=SchoolNow())
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = StaffInvitationQuerySet.as_manager()

    class Meta:
        ordering = [F("sent_at").desc(), F("pk").desc()]
        verbose_name = _("invitation of a member of staff")
        verbose_name_plural = _("invitations of members of staff")
        constraints = [
            models.UniqueConstraint(
                fields=["staff"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="staff_invitation_one_open",
            ),
            models.UniqueConstraint(
                fields=["staff"], condition=IN_FORCE, name="staff_invitation_one_account"
            ),
            models.UniqueConstraint(
                fields=["accepted_by"], condition=IN_FORCE, name="staff_invitation_one_member"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, withdrawn_at__isnull=True),
                name="staff_invitation_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(sent_by__isnull=False, token_hash__isnull=False)
                | Q(sent_by__isnull=True, token_hash__isnull=True, accepted_at__isnull=False),
                name="staff_invitation_sent_or_by_server",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(accepted_at__isnull=False),
                name="staff_invitation_ended_after_accepted",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="staff_invitation_rightly_accepted",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                IF TG_OP = 'INSERT' THEN
                    IF NEW.accepted_at IS NOT NULL AND NEW.sent_by_id IS NOT NULL THEN
                        RAISE EXCEPTION 'staff_invitation_begins_open' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                END IF;
                IF (NEW.staff_id, NEW.address, NEW.token_hash, NEW.sent_by_id, NEW.sent_at, NEW.expires_at)
                    IS DISTINCT FROM
                    (OLD.staff_id, OLD.address, OLD.token_hash, OLD.sent_by_id, OLD.sent_at, OLD.expires_at)
                    OR (OLD.accepted_at IS NOT NULL AND (NEW.accepted_at, NEW.accepted_by_id)
                        IS DISTINCT FROM (OLD.accepted_at, OLD.accepted_by_id))
                    OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at)
                    OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at) THEN
                    RAISE EXCEPTION 'staff_invitation_stays' USING ERRCODE = 'check_violation';
                END IF;
                IF OLD.accepted_at IS NOT NULL OR NEW.accepted_at IS NULL THEN
                    RETURN NEW;
                END IF;
                IF NEW.expires_at <= school_now() THEN
                    RAISE EXCEPTION 'staff_invitation_is_in_time' USING ERRCODE = 'check_violation';
                END IF;
                IF NOT EXISTS (
                    SELECT 1 FROM accounts_user u JOIN account_emailaddress e ON e.user_id = u.id AND e.verified
                    WHERE u.id = NEW.accepted_by_id AND u.kind = 'person' AND u.is_active
                    AND u.removed_at IS NULL AND lower(u.email) = lower(NEW.address)
                    AND lower(e.email) = lower(NEW.address)
                ) THEN
                    RAISE EXCEPTION 'staff_invitation_of_own_address' USING ERRCODE = 'check_violation';
                END IF;
                IF EXISTS (
                    SELECT 1 FROM accounts_staffmember s
                    WHERE s.id = NEW.sent_by_id AND s.user_id = NEW.accepted_by_id
                ) THEN
                    RAISE EXCEPTION 'staff_invitation_by_another' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="staff_invitation_is_not_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.address
