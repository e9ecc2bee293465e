"""Define reports and decisions: report, warning, removal (PA-9)."""

from __future__ import annotations

from datetime import timedelta

import pgtrigger
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.clock import SchoolNow
from accounts.models.people import StaffMember, User
from malpas.lib.db.append_only import append_only
from messaging.models.conversations import Message
from moderation.enums import DecisionKind, ReportCategory
from stories.models import Post


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, actor: Actor) -> ReportQuerySet:
        """Return the reports that this actor may read.

        Senior leaders: reports about families. The head teacher: also about staff, alone (AU-11). A report about the
        head teacher goes to the other senior leaders, and one of a child at risk also to the safeguarding lead
        (AU-7). Nobody reads a report about themselves (A25).
        """
        if not actor.is_personal or actor.staff is None:
            return self.none()
        others = self.exclude(author=actor.user).exclude(author_staff=actor.staff)
        theirs = Q(pk__in=[])
        if actor.is_slt:
            theirs |= Q(author_staff__isnull=True) | Q(author_staff__is_head=True)
        if actor.is_slt and actor.staff.is_head:
            theirs |= Q(author_staff__isnull=False)
        if actor.staff.is_safeguarding:
            theirs |= Q(category=ReportCategory.RISK)
        return others.filter(theirs)

    def undecided(self) -> ReportQuerySet:
        return self.filter(closed_at__isnull=True)

    def by_urgency(self) -> ReportQuerySet:
        """Order undecided reports first: child at risk, then oldest. Decided ones follow."""
        risk = Case(When(category=ReportCategory.RISK, then=Value(0)), default=Value(1))
        return self.order_by(F("closed_at").desc(nulls_first=True), risk, "made_at", "pk")


@append_only(updates=["closed_at"])
class Report(models.Model):
    """A reported item, with a snapshot of its context (TE-7).

    `author_staff`: the member of staff who signed the item; None if a family wrote it. One person reports one item
    once, and once more when they come to see a child at risk in it.
    """

    # Annotated by queries; a row read otherwise has none of them.
    waited: timedelta
    classroom: str

    message = models.ForeignKey(
        Message, models.PROTECT, null=True, blank=True, related_name="reports", editable=False
    )
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="reports", editable=False
    )
    author = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("written by"), editable=False
    )
    author_staff = models.ForeignKey(
        StaffMember,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("signed by"),
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
    note = models.TextField(_("in their words"), blank=True, max_length=2000)
    snapshot = models.JSONField(editable=False)
    made_at = models.DateTimeField(_("reported"), db_default=SchoolNow())
    closed_at = models.DateTimeField(_("decided"), null=True, blank=True, editable=False)

    objects = ReportQuerySet.as_manager()

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
            *(
                models.UniqueConstraint(
                    fields=["reporter", "reporter_staff", item],
                    name=f"report_{item}_{name}",
                    condition=Q(**{f"{item}__isnull": False}) & which,
                    nulls_distinct=False,
                )
                for item in ("message", "post")
                for name, which in (
                    ("once", ~Q(category=ReportCategory.RISK)),
                    ("risk_once", Q(category=ReportCategory.RISK)),
                )
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="report_is_not_changed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["closed_at"]),
            ),
            pgtrigger.Protect(name="report_is_not_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()} ({self.made_at:%d.%m.%Y})"

    @property
    def is_about_staff(self) -> bool:
        return self.author_staff_id is not None

    @property
    def about(self) -> str:
        """Return the name under which the reported person writes."""
        return self.author_staff.signature if self.author_staff else str(self.author)

    @property
    def is_risk(self) -> bool:
        return self.category == ReportCategory.RISK


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, actor: Actor) -> DecisionQuerySet:
        """Return the decisions that a senior leader may read.

        Not those about themselves (A25), nor those on reports that they may not read (AU-11).
        """
        if not actor.is_slt:
            return self.none()
        mine = Report.objects.visible_to(actor)
        return self.exclude(subject=actor.user).filter(Q(report__isnull=True) | Q(report__in=mine))


@append_only()
class Decision(models.Model):
    """A decision about a person.

    It never changes; another decision lifts a removal.
    """

    kind = models.CharField(_("decision"), max_length=10, choices=DecisionKind)
    subject = models.ForeignKey(User, models.PROTECT, related_name="decisions", verbose_name=_("about"))
    report = models.ForeignKey(
        Report, models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("report")
    )
    clause = models.CharField(_("clause"), max_length=8, blank=True)
    reason = models.TextField(_("words"), blank=True, max_length=2000)
    serious_breach = models.BooleanField(_("a serious breach"), default=False)
    made_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+", verbose_name=_("decided by"))
    made_at = models.DateTimeField(_("decided"), db_default=SchoolNow())
    key = models.UUIDField(unique=True, editable=False)

    objects = DecisionQuerySet.as_manager()

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
                condition=Q(serious_breach=False) | Q(reason__regex=r"\S"),
                name="decision_serious_has_a_reason",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="decision_is_not_changed", operation=pgtrigger.Update | pgtrigger.Delete),
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
