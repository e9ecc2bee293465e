"""Define behaviours and awards.

An award never changes, goes or is negative (PU-3).
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.clock import ON_ITS_WAY, SchoolNow, ThisInstant
from accounts.models.people import StaffMember, User
from classes.models.classrooms import Classroom
from classes.models.pupils import Pupil
from malpas.lib.db.append_only import append_only
from points.enums import BehaviourGroup
from points.limits import GOAL_MOST, UNDO_MINUTES, UNDO_WINDOW


class BehaviourQuerySet(models.QuerySet["Behaviour"]):
    def offered(self) -> BehaviourQuerySet:
        """Return behaviours that still earn points (PU-1)."""
        return self.filter(retired_at__isnull=True)


class Behaviour(models.Model):
    """Something that earns points (PU-1, PU-2).

    A retired one stays on old awards.
    """

    name_en = models.CharField(_("name in English"), max_length=60)
    name_cy = models.CharField(_("name in Welsh"), max_length=60)
    group = models.CharField(_("group"), max_length=10, choices=BehaviourGroup)
    icon = models.CharField(_("icon"), max_length=20, default="star")
    points = models.PositiveSmallIntegerField(_("points"), default=1)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    objects = BehaviourQuerySet.as_manager()

    class Meta:
        ordering = ["group", "order", "pk"]
        verbose_name = _("behaviour")
        verbose_name_plural = _("behaviours")
        constraints = [
            models.CheckConstraint(condition=Q(points__gte=1, points__lte=5), name="behaviour_points_1_to_5"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_cy if get_language() == "cy" else self.name_en


class AwardQuerySet(models.QuerySet["Award"]):
    def counted(self) -> AwardQuerySet:
        """Return awards that were not undone."""
        return self.filter(undone_at__isnull=True)

    def for_families(self) -> AwardQuerySet:
        """Return awards that families may see: counted, released, past undoing (PU-3).

        What is given in quiet hours is released at the next opening, because its note is a message to a family
        (TE-4).
        """
        undoing_is_over = Q(given_at__lte=SchoolNow() - models.Value(UNDO_WINDOW))
        return self.counted().filter(undoing_is_over, release_at__lte=SchoolNow())

    def pending_now(self) -> AwardQuerySet:
        """Return awards pending at this instant.

        For updates that race with the release.
        """
        return self.filter(release_at__gt=ThisInstant() + models.Value(ON_ITS_WAY, models.DurationField()))

    def lock_pending(self) -> AwardQuerySet:
        """Lock these rows and return those still pending once they are locked."""
        rows = self.pending_now().select_for_update(of=("self",)).order_by("pk")
        return Award.objects.pending_now().filter(pk__in=list(rows.values_list("pk", flat=True)))


@append_only(updates=["release_at", "undone_at", "undone_by"])
class Award(models.Model):
    """Points for one pupil, signed by a member of staff.

    Totals are sums over these rows.
    """

    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="awards", verbose_name=_("pupil"))
    behaviour = models.ForeignKey(
        Behaviour, models.PROTECT, related_name="awards", verbose_name=_("behaviour")
    )
    points = models.PositiveSmallIntegerField(_("points"))
    note = models.CharField(_("in their own words"), max_length=140, blank=True)
    classroom = models.ForeignKey(
        Classroom, models.PROTECT, null=True, related_name="awards", verbose_name=_("class")
    )
    given_by = models.ForeignKey(
        StaffMember, models.PROTECT, related_name="awards", verbose_name=_("given by")
    )
    account = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("account"))
    given_at = models.DateTimeField(_("given"), db_default=SchoolNow())
    release_at = models.DateTimeField(_("families see it from"), db_default=SchoolNow())
    key = models.UUIDField()
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        StaffMember, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("undone by")
    )

    objects = AwardQuerySet.as_manager()

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        indexes = [
            models.Index(fields=["pupil", "-given_at"], name="award_of_pupil"),
            models.Index(fields=["classroom", "-given_at"], name="award_of_class"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(points__gte=1, points__lte=5), name="award_points_1_to_5"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="award_undo_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(release_at__gte=models.F("given_at")), name="award_released_after_given"
            ),
            # One request for several pupils has one key: a repeated request violates this.
            models.UniqueConstraint(fields=["account", "key", "pupil"], name="award_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="award_is_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="award_starts_counted",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                # An award given in the future could be undone for longer than ten minutes.
                func="""
                IF NEW.undone_at IS NOT NULL OR NEW.given_at > school_now() THEN
                    RAISE EXCEPTION 'award_starts_counted' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="award_only_undo_within_ten_minutes",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                # Only the release of an unseen award moves with the calendar.
                func=f"""
                IF ROW(NEW.id, NEW.pupil_id, NEW.behaviour_id, NEW.points, NEW.note, NEW.classroom_id,
                       NEW.given_by_id, NEW.account_id, NEW.given_at, NEW.key)
                   IS NOT DISTINCT FROM
                   ROW(OLD.id, OLD.pupil_id, OLD.behaviour_id, OLD.points, OLD.note, OLD.classroom_id,
                       OLD.given_by_id, OLD.account_id, OLD.given_at, OLD.key) THEN
                    IF OLD.undone_at IS NULL AND NEW.undone_at IS NOT NULL
                       AND OLD.given_at > school_now() - interval '{UNDO_MINUTES} minutes'
                       AND NEW.release_at = OLD.release_at THEN
                        NEW.undone_at = school_now();
                        RETURN NEW;
                    ELSIF OLD.release_at > school_instant()
                       AND ROW(NEW.undone_at, NEW.undone_by_id)
                           IS NOT DISTINCT FROM ROW(OLD.undone_at, OLD.undone_by_id) THEN
                        RETURN NEW;
                    END IF;
                END IF;
                RAISE EXCEPTION 'award_only_undo_within_ten_minutes' USING ERRCODE = 'check_violation';
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pupil}: {self.behaviour} ({self.points})"


class Digest(models.Model):
    """A school day's notification run about awards up to `until`."""

    until = models.DateTimeField(unique=True)
    notified_at = models.DateTimeField(db_default=SchoolNow())
    families = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-until"]
        verbose_name = _("parcel of news about points")
        verbose_name_plural = _("parcels of news about points")

    def __str__(self) -> str:
        return f"{self.until:%d.%m.%Y %H:%M}"


class BoardSettings(models.Model):
    """A class's settings of its board: initials, and a goal."""

    classroom = models.OneToOneField(
        Classroom, models.CASCADE, related_name="board_settings", verbose_name=_("class")
    )
    initials = models.BooleanField(_("initials"), default=False)
    goal = models.PositiveBigIntegerField(_("goal"), null=True, blank=True)
    goal_since = models.DateTimeField(_("goal counted since"), null=True, blank=True)

    class Meta:
        verbose_name = _("settings of a board")
        verbose_name_plural = _("settings of boards")
        constraints = [
            models.CheckConstraint(
                condition=Q(goal__isnull=True, goal_since__isnull=True)
                | Q(goal__isnull=False, goal__gte=1, goal__lte=GOAL_MOST, goal_since__isnull=False),
                name="board_goal_is_reachable_and_dated",
            ),
        ]

    def __str__(self) -> str:
        return str(self.classroom)
