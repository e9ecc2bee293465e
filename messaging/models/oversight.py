"""Store what senior leaders do to messaging as a whole.

They read a conversation, or suspend all writing. Nobody rewrites either record.
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.clock import SchoolNow
from accounts.models.people import StaffMember
from malpas.lib.db.append_only import append_only
from messaging.models.conversations import Conversation


@append_only()
class OversightAccess(models.Model):
    """Store that a senior leader opened a conversation, and why (TE-7)."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="oversight_accesses")
    by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+", verbose_name=_("member of staff"))
    reason = models.TextField(_("reason"), max_length=300)
    at = models.DateTimeField(_("when"), db_default=SchoolNow())

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("look into a conversation")
        verbose_name_plural = _("looks into conversations")
        constraints = [
            models.CheckConstraint(condition=Q(reason__regex=r"\w"), name="oversight_access_has_a_reason"),
        ]
        triggers = [
            pgtrigger.Protect(name="oversight_access_is_never_rewritten", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="oversight_access_is_a_leaders",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                IF NOT EXISTS (SELECT 1 FROM accounts_staffmember s WHERE s.id = NEW.by_id AND s.is_slt) THEN
                    RAISE EXCEPTION 'oversight_access_is_a_leaders' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.reason


@append_only(updates=["lifted_by", "lifted_at"])
class Suspension(models.Model):
    """Store a suspension of all messaging, from `at` to `lifted_at`.

    `School.messaging_suspended_at` says whether one runs now.
    """

    reason = models.TextField(_("reason"), max_length=300)
    by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+", verbose_name=_("stopped by"))
    at = models.DateTimeField(_("stopped"), db_default=SchoolNow())
    lifted_by = models.ForeignKey(
        StaffMember, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("let go on by")
    )
    lifted_at = models.DateTimeField(_("let go on"), null=True, blank=True)

    class Meta:
        verbose_name = _("stop of all messages")
        verbose_name_plural = _("stops of all messages")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(reason__regex=r"\w"), name="suspension_has_a_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__gte=F("at"), lifted_by__isnull=False),
                name="suspension_is_lifted_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["lifted_at"],
                condition=Q(lifted_at__isnull=True),
                nulls_distinct=False,
                name="suspension_is_one",
            ),
        ]

    def __str__(self) -> str:
        return self.reason
