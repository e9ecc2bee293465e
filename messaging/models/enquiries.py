"""What parents tell the Main Office (PA-7, PA-13). On the office's list at once; the class never sees any of it."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from accounts.actor import Actor
from accounts.clock import SchoolNow
from accounts.models import StaffMember, User
from classes.models import Pupil
from messaging.enums import AbsenceReason, DayPart, EnquiryState, Symptom, Topic


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def visible_to(self, actor: Actor) -> EnquiryQuerySet:
        """All for the office, complaints for SLT, their own for a parent, nothing for anybody else."""
        if actor.is_office:
            return self.all()
        if actor.is_slt:
            return self.filter(topic=Topic.COMPLAINT)
        if actor.is_parent:
            return self.filter(parent=actor.user)
        return self.none()


class Enquiry(models.Model):
    reference = models.CharField(max_length=12, unique=True)
    topic = models.CharField(max_length=10, choices=Topic)
    parent = models.ForeignKey(User, models.PROTECT, related_name="enquiries")
    pupils = models.ManyToManyField(Pupil, blank=True, related_name="enquiries")
    words = models.TextField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    key = models.UUIDField()
    sent_at = models.DateTimeField(db_default=SchoolNow())
    state = models.CharField(max_length=8, choices=EnquiryState, default=EnquiryState.NEW)
    taken_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        ordering = ["sent_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["parent", "key"], name="enquiry_once")]
        indexes = [models.Index(fields=["state", "sent_at"], name="enquiry_queue")]
        triggers = [
            pgtrigger.Trigger(
                name="enquiry_parent_is_a_person",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
                when=pgtrigger.Before,
                func="""
                IF NOT EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = NEW.parent_id AND u.kind = 'person') THEN
                    RAISE EXCEPTION 'enquiry_parent_is_a_person' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def drawing(self) -> str:
        return Topic(self.topic).icon


class Absence(models.Model):
    """The facts of an absence, for every child of its enquiry. `back_on` None: not known yet."""

    enquiry = models.OneToOneField(Enquiry, models.CASCADE, related_name="absence")
    first_day = models.DateField()
    part = models.CharField(max_length=10, choices=DayPart, default=DayPart.WHOLE)
    reason = models.CharField(max_length=6, choices=AbsenceReason)
    symptom = models.CharField(max_length=8, choices=Symptom, blank=True)
    back_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(back_on__isnull=True) | Q(back_on__gt=F("first_day")),
                name="absence_back_after_first_day",
            )
        ]
        indexes = [models.Index(fields=["first_day"], name="absence_first_day")]

    def __str__(self) -> str:
        return f"{self.first_day:%d.%m.%Y}"
