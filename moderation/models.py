"""The ladder: report, warning, removal (PA-9). What was decided stays as it was decided."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.clock import SchoolNow
from accounts.models import StaffMember, User
from messaging.models import Message
from moderation.enums import DecisionKind, ReportCategory
from stories.models import Post


class Report(models.Model):
    """Something that somebody who could see it reported, with the item and what stood around it (TE-7)."""

    message = models.ForeignKey(
        Message, models.PROTECT, null=True, blank=True, related_name="reports", editable=False
    )
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="reports", editable=False
    )
    author = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("written by"), editable=False
    )
    reporter = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("reported by"), editable=False
    )
    reporter_staff = models.ForeignKey(
        StaffMember,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("member of staff"),
    )
    category = models.CharField(_("reason"), max_length=10, choices=ReportCategory)
    words = models.TextField(_("in their words"), blank=True, max_length=2000)
    snapshot = models.JSONField(editable=False)
    made_at = models.DateTimeField(_("reported"), db_default=SchoolNow())
    closed_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["closed_at", "-made_at"]
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.CheckConstraint(
                condition=Q(message__isnull=False, post__isnull=True)
                | Q(message__isnull=True, post__isnull=False),
                name="report_is_about_one_thing",
            ),
            models.UniqueConstraint(
                fields=["reporter", "reporter_staff", "message"],
                name="report_message_once",
                condition=Q(message__isnull=False),
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["reporter", "reporter_staff", "post"],
                name="report_post_once",
                condition=Q(post__isnull=False),
                nulls_distinct=False,
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="report_snapshot_is_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__snapshot__df=pgtrigger.F("new__snapshot")),
            ),
            pgtrigger.Protect(name="report_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()} ({self.made_at:%d.%m.%Y})"


class Decision(models.Model):
    """What SLT decided about a person. Never changed; a removal is ended by a decision that lifts it."""

    kind = models.CharField(_("decision"), max_length=10, choices=DecisionKind)
    subject = models.ForeignKey(User, models.PROTECT, related_name="decisions", verbose_name=_("about"))
    report = models.ForeignKey(Report, models.PROTECT, null=True, blank=True, related_name="decisions")
    clause = models.CharField(_("clause"), max_length=8, blank=True)
    words = models.TextField(_("words"), blank=True, max_length=2000)
    serious_breach = models.BooleanField(_("a serious breach"), default=False)
    made_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+", verbose_name=_("decided by"))
    made_at = models.DateTimeField(_("decided"), db_default=SchoolNow())

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=DecisionKind.WARNING) | ~Q(clause=""),
                name="decision_warning_names_a_clause",
            ),
            models.CheckConstraint(
                condition=Q(serious_breach=False) | Q(words__regex=r"\S"),
                name="decision_serious_has_a_reason",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="decision_is_kept", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="decision_removal_follows_a_warning",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__kind="removal", new__serious_breach=False),
                func="""
                IF NOT EXISTS (SELECT 1 FROM moderation_decision d
                               WHERE d.subject_id = NEW.subject_id AND d.kind = 'warning') THEN
                    RAISE EXCEPTION 'decision_removal_follows_a_warning' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"
