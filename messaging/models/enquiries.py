"""Store enquiries to the Main Office (PA-7).

They are on its list at once; the class never sees them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import Q, Value

from accounts.actor import Actor
from accounts.clock import SchoolNow
from accounts.models.people import StaffMember, User
from accounts.models.sealing import random_id, seal_stays, sealed_field, turn_field
from classes.models.guardianships import Contact
from classes.models.pupils import Pupil
from malpas.lib.db.append_only import ALL, append_only
from messaging.enums import (
    FACTS,
    Alert,
    EnquiryState,
    Topic,
)
from messaging.models.conversations import Message
from messaging.models.enquiry_triggers import (
    ALERT_IS_MARKED,
    STATE_HAS_ITS_HOUR,
)


def _worked_on_by(actor: Actor) -> Q:
    of_head, found = Q(is_sealed=True), Q(pk__in=[])
    if actor.is_office:
        found |= ~of_head
    elif actor.is_slt:
        found |= Q(topic=Topic.COMPLAINT) & ~of_head
    return found | of_head if actor.is_governor else found


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def visible_to(self, actor: Actor) -> EnquiryQuerySet:
        """Filter what this actor may see (PA-7).

        The office sees all but complaints about the head, which are the governor's alone. Senior leaders
        see the other complaints, the safeguarding lead absences, a parent their own; nobody else sees any.
        """
        roles = _worked_on_by(actor)
        if actor.is_safeguarding:
            roles |= Q(topic=Topic.ABSENCE)
        if actor.is_parent:
            roles |= Q(parent=actor.user)
        return self.filter(roles)

    def worked_on_by(self, actor: Actor) -> EnquiryQuerySet:
        """Filter what this person works on: `rules.may_work_on` as a query."""
        return self.filter(_worked_on_by(actor))


@dataclass(frozen=True)
class Restricted:
    """Mark an adult whose access is restricted.

    `children`: first names. `no_access`: access has ended, not only messages.
    """

    label: str
    children: str
    no_access: bool


@append_only(updates=[ALL])
class Enquiry(models.Model):
    """Store what a family reports to or asks of the office."""

    reference = models.CharField(max_length=12, unique=True)
    topic = models.CharField(max_length=10, choices=Topic)
    parent = models.ForeignKey(User, models.PROTECT, related_name="enquiries")
    facts = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    pupils = models.ManyToManyField(Pupil, blank=True, related_name="enquiries")
    body = models.TextField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    key = models.UUIDField()
    sent_at = models.DateTimeField(db_default=SchoolNow())
    alert = models.TextField(max_length=7, choices=Alert, blank=True, default="", db_default="")
    state = models.CharField(max_length=8, choices=EnquiryState, default=EnquiryState.NEW)
    state_release_at = models.DateTimeField(
        null=True, blank=True
    )  # None for the first state, which the family knows at once
    family_state = models.TextField(max_length=8, blank=True, default="", db_default="")
    taken_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    turn = turn_field()
    is_sealed = sealed_field()  # about the head teacher: the governor's alone (PA-7)

    objects = EnquiryQuerySet.as_manager()
    rank: int  # annotated by `queries.queue`, as are the next two
    waits: bool
    wrote_again: bool
    restricted: Restricted | None = None  # set by `queries.restricted.mark_restricted`

    class Meta:
        ordering = ["sent_at", "turn"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "key"], name="enquiry_once"),
            models.CheckConstraint(
                condition=Q(is_sealed=False) | Q(topic=Topic.COMPLAINT), name="enquiry_sealed_is_a_complaint"
            ),
        ]
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
            ),
            STATE_HAS_ITS_HOUR,
            ALERT_IS_MARKED,
            seal_stays("enquiry_seal_stays"),
            # Its id is part of the office's URLs, where a gap would reveal a complaint about the head (PA-7).
            random_id("enquiry_id_is_random"),
        ]

    def __str__(self) -> str:
        return self.reference

    def state_for_family(self, now: datetime) -> EnquiryState:
        """Return the state that its family sees at `now` (TE-4)."""
        waits = self.state_release_at is not None and self.state_release_at > now
        return EnquiryState(self.family_state if waits else self.state)

    @property
    def drawing(self) -> str:
        return Topic(self.topic).icon

    @property
    def is_about_head(self) -> bool:
        return self.is_sealed

    @property
    def reporter_name(self) -> str:
        """Return whose words these are.

        The parent's, or of the adult who telephoned and has no account.
        """
        origin = getattr(self, "origin", None)
        return origin.contact.full_name if origin and origin.contact else self.parent.name

    @property
    def labelled_facts(self) -> list[tuple[str, str]]:
        """Return the answers of the topic's form as (question, answer).

        In the reader's language.
        """
        facts = FACTS.get(Topic(self.topic), {})
        return [
            (str(facts[name].label), facts[name].display(answer))
            for name, answer in self.facts.items()
            if name in facts and answer
        ]


class Origin(models.Model):
    """Store how an enquiry came, unless its parent sent it.

    Reported by telephone, or rerouted from a class. A caller may have no account: then the enquiry stands
    in the name of the member of staff who recorded it, and `contact` says whose words these are.
    """

    enquiry = models.OneToOneField(Enquiry, models.CASCADE, primary_key=True, related_name="origin")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="enquiries")
    recorded_by = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    message = models.OneToOneField(
        Message, models.PROTECT, null=True, blank=True, related_name="became_enquiry"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False, message__isnull=True)
                | Q(contact__isnull=True, message__isnull=False),
                name="origin_is_a_call_or_a_message",
            )
        ]

    def __str__(self) -> str:
        return str(self.contact or self.message)


class EnquiryPhoto(models.Model):
    """Store a photo of a lost thing (AU-5).

    It is written anew; the original is not kept.
    """

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="photos")
    name = models.TextField(max_length=40, unique=True)
    width = models.BigIntegerField()
    height = models.BigIntegerField()
    key = models.UUIDField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["enquiry", "key"], name="enquiry_photo_once")]

    def __str__(self) -> str:
        return self.name
