"""Store absences and the codes suggested for them (PA-13)."""

from __future__ import annotations

from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from messaging.enums import (
    AbsenceReason,
    DayPart,
    Symptom,
)
from messaging.models.enquiries import Enquiry


class AbsenceCode(models.Model):
    """Store a register code suggested for a reason (PA-13).

    The school decides what it then enters.
    """

    code = models.TextField(_("code"), unique=True, max_length=4)
    name_en = models.TextField(_("name in English"), max_length=80)
    name_cy = models.TextField(_("name in Welsh"), max_length=80)
    for_reason = models.TextField(_("suggested for"), choices=AbsenceReason, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("absence code")
        verbose_name_plural = _("absence codes")
        constraints = [
            models.UniqueConstraint(
                fields=["for_reason"], condition=~Q(for_reason=""), name="absence_code_for_a_reason_is_one"
            )
        ]

    def __str__(self) -> str:
        return self.code


class Absence(models.Model):
    """Store the facts of an absence, for every child of its enquiry.

    `back_on` None: not known yet. `on_sheet`: when it was told, a day's sheet was still to come that names
    it, so that nobody has to tick it off. `changed_at`, `cancelled_at`: by its family; what was changed stands under the enquiry. A cancelled one
    counts on no day.
    """

    # Annotated by queries; a row read otherwise has none of them.
    last_word: datetime | None

    enquiry = models.OneToOneField(Enquiry, models.CASCADE, related_name="absence")
    first_day = models.DateField()
    part = models.CharField(max_length=10, choices=DayPart, default=DayPart.WHOLE)
    reason = models.CharField(max_length=6, choices=AbsenceReason)
    symptom = models.CharField(max_length=8, choices=Symptom, blank=True)
    back_on = models.DateField(null=True, blank=True)
    code = models.TextField(max_length=4, blank=True, default="", db_default="")
    on_sheet = models.BooleanField(default=False, db_default=False)  # else the queue keeps it
    changed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(back_on__isnull=True) | Q(back_on__gt=F("first_day")),
                name="absence_back_after_first_day",
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="absence_stays_cancelled",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__cancelled_at__isnull=False),
                func="""
                IF (NEW.first_day, NEW.part, NEW.reason, NEW.symptom, NEW.back_on, NEW.cancelled_at)
                IS DISTINCT FROM (OLD.first_day, OLD.part, OLD.reason, OLD.symptom, OLD.back_on, OLD.cancelled_at) THEN
                    RAISE EXCEPTION 'absence_stays_cancelled' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            )
        ]
        indexes = [models.Index(fields=["first_day"], name="absence_first_day")]

    def __str__(self) -> str:
        return f"{self.first_day:%d.%m.%Y}"
