"""Define pupils, and which of them an actor may see."""

from __future__ import annotations

from datetime import date
from typing import Any

import pgtrigger
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.clock import SchoolToday
from accounts.models.people import User
from classes.models.classrooms import Classroom
from malpas.lib.db.plain import Plain

# What `pupil_here` says, for statements written by hand: of a pupil p.
PUPIL_HERE = "(p.left_on IS NULL OR p.left_on > (school_now() AT TIME ZONE 'Europe/London')::date)"

YEARS = ("N", "R", "1", "2", "3", "4", "5", "6")

# The rules of `classes.roster.cells`, at the row: a check letter over positions 2 to 13, and an age.
UPN_IS_RIGHT = """
IF NEW.upn !~ '^[A-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]$' THEN
    RAISE EXCEPTION 'pupil_upn_is_right' USING ERRCODE = 'check_violation';
END IF;
SELECT sum(n * CASE WHEN substr(NEW.upn, n, 1) ~ '[0-9]' THEN substr(NEW.upn, n, 1)::int
                    ELSE strpos('ABCDEFGHJKLMNPQRTUVWXYZ', substr(NEW.upn, n, 1)) - 1 END)
INTO total FROM generate_series(2, 13) n;
IF left(NEW.upn, 1) <> substr('ABCDEFGHJKLMNPQRTUVWXYZ', total % 23 + 1, 1) THEN
    RAISE EXCEPTION 'pupil_upn_is_right' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
IS_A_CHILD = """
IF extract(year FROM age((school_now() AT TIME ZONE 'Europe/London')::date, NEW.date_of_birth)) NOT BETWEEN 1 AND 19
THEN
    RAISE EXCEPTION 'pupil_is_a_child' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


def pupil_here(path: str = "") -> Q:
    """Return the condition that a pupil has not left by today.

    By the school's date. `path`: the lookup to the pupil, such as 'pupil__'.
    """
    return Q(**{f"{path}left_on__isnull": True}) | Q(**{f"{path}left_on__gt": SchoolToday()})


class PupilQuerySet(models.QuerySet["Pupil"]):
    def here(self) -> PupilQuerySet:
        """Return pupils of the school today.

        A leaving date acts on the day itself.
        """
        return self.filter(pupil_here())

    def of_parent(self, user: User) -> PupilQuerySet:
        """Return children whom this adult may see: with access, not removed.

        Policy: PA-4, PA-5.
        """
        guardianships = apps.get_model("classes", "Guardianship").objects.live()
        return self.filter(Exists(guardianships.filter(pupil=OuterRef("pk"), contact__user=user)))

    def visible_to(self, actor: Actor) -> PupilQuerySet:
        """Return the pupils whom this actor may see.

        Their own children for a parent, the class for its account, oneself for a pupil, all for office and SLT.
        """
        if actor.is_slt or actor.is_office:
            return self.here()
        if actor.is_class:
            return self.here().filter(classroom__account=actor.user)
        if actor.is_pupil:
            return self.here().filter(account=actor.user)
        return self.of_parent(actor.user)

    def by_name(self) -> PupilQuerySet:
        return self.order_by(Plain("preferred_forename"), Plain("surname"), "pk")


class Pupil(models.Model):
    """A child in the school's records.

    `dragon`: one number for each part of the avatar. `preferred_surname`: '' where it is the legal one. `surname`: the
    one that lists are sorted by; of a row in hand, `last_name` says it.
    """

    # Annotated by queries; a row read otherwise has none of them.
    gathered: int | None
    noticed: bool
    live: list[Any]

    school_ref = models.CharField(_("id in the school's system"), max_length=40, unique=True)
    admission_number = models.CharField(_("admission number"), max_length=20, blank=True)
    upn = models.CharField(_("UPN"), max_length=13, blank=True)
    legal_forename = models.CharField(_("legal forename"), max_length=60, blank=True)
    legal_surname = models.CharField(_("legal surname"), max_length=60, blank=True)
    preferred_forename = models.CharField(_("known as"), max_length=60)
    preferred_surname = models.CharField(
        _("surname they use"), max_length=60, blank=True, default="", db_default=""
    )
    surname = models.GeneratedField(
        expression=Coalesce(NullIf("preferred_surname", Value("")), "legal_surname"),
        output_field=models.CharField(max_length=60),
        db_persist=True,
        verbose_name=_("surname"),
    )
    date_of_birth = models.DateField(_("date of birth"))
    year = models.CharField(_("year"), max_length=12, blank=True)
    classroom = models.ForeignKey(
        Classroom, models.PROTECT, null=True, blank=True, related_name="pupils", verbose_name=_("class")
    )
    account = models.OneToOneField(
        User, models.PROTECT, null=True, blank=True, related_name="pupil", editable=False
    )
    dragon = ArrayField(models.PositiveSmallIntegerField(), size=5, editable=False)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    objects = PupilQuerySet.as_manager()

    class Meta:
        verbose_name = _("pupil")
        verbose_name_plural = _("pupils")
        constraints = [
            models.UniqueConstraint(fields=["upn"], name="pupil_upn_once", condition=~Q(upn="")),
            models.CheckConstraint(condition=~Q(preferred_forename=""), name="pupil_has_a_name"),
            models.CheckConstraint(condition=Q(dragon__len=5), name="pupil_dragon_has_five_traits"),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True)
                | Q(left_on__gte=F("date_of_birth"), left_on__lt=date(2100, 1, 1)),
                name="pupil_leaves_after_birth",
                violation_error_message=_("That is not a leaving date. Please check the year."),
            ),
            models.CheckConstraint(
                condition=Q(year="") | Q(year__in=YEARS), name="pupil_year_is_one_of_ours"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="pupil_upn_is_right",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("upn"),
                when=pgtrigger.Before,
                condition=~pgtrigger.Q(new__upn=""),
                declare=[("total", "int")],
                func=UPN_IS_RIGHT,
            ),
            pgtrigger.Trigger(
                name="pupil_is_a_child",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("date_of_birth"),
                when=pgtrigger.Before,
                func=IS_A_CHILD,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.preferred_forename} {self.last_name}".strip()

    @property
    def first_name(self) -> str:
        return self.preferred_forename

    @property
    def last_name(self) -> str:
        return self.preferred_surname or self.legal_surname

    def has_left(self, on: date) -> bool:
        """Return whether the child has left by this day of the school."""
        return self.left_on is not None and self.left_on <= on
