"""Store complaints and their stages (PA-7)."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.clock import SchoolNow
from messaging.enums import (
    ComplaintAbout,
)
from messaging.models.enquiries import Enquiry


class Complaint(models.Model):
    """Store what a complaint is about (PA-7).

    It decides who reads it and which deadline runs.
    """

    enquiry = models.OneToOneField(Enquiry, models.CASCADE, primary_key=True, related_name="complaint")
    about = models.TextField(choices=ComplaintAbout)

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="complaint_is_of_its_topic",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                IF NOT EXISTS (
                    SELECT 1 FROM messaging_enquiry e
                    WHERE e.id = NEW.enquiry_id AND e.topic = 'complaint' AND e.is_sealed = (NEW.about = 'head')
                ) THEN
                    RAISE EXCEPTION 'complaint_is_of_its_topic' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return str(self.get_about_display())


class Stage(models.Model):
    """Store a step of a complaint and when it is due (PA-7).

    One is open at a time.
    """

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="stages")
    number = models.BigIntegerField()
    began_at = models.DateTimeField(db_default=SchoolNow())
    due_on = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    release_at = models.DateTimeField(null=True, blank=True)  # when the family sees it; None: at once

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["enquiry", "number"], name="stage_once"),
            models.UniqueConstraint(
                fields=["enquiry"], condition=Q(ended_at__isnull=True), name="stage_open_is_one"
            ),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=3), name="stage_of_three"),
        ]

    def __str__(self) -> str:
        return str(self.number)
