"""What parents tell the Main Office (PA-7, PA-13). On the office's list at once; the class never sees any of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.clock import SchoolNow, ThisInstant
from accounts.models.people import StaffMember, User
from accounts.models.sealing import number_tells_nothing, seal_stays, sealed_field, turn_field
from classes.models.guardianships import Contact
from classes.models.pupils import Pupil
from malpas.lib.db.append_only import ALL, append_only
from malpas.lib.hours import NOT_YET_KNOWN
from messaging.enums import (
    FACTS,
    AbsenceReason,
    Alert,
    ComplaintAbout,
    DayPart,
    EnquiryState,
    EntryKind,
    Symptom,
    Topic,
)
from messaging.models.conversations import ON_ITS_WAY, Message
from messaging.models.enquiry_triggers import (
    ALERT_IS_MARKED,
    ANSWER_HAS_A_READER,
    ENTRY_STAYS,
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
        """What each sees (PA-7): the office all but complaints about the head, which are the governor's alone.

        Senior leaders see the other complaints, the safeguarding lead absences, a parent their own; nobody else.
        """
        roles = _worked_on_by(actor)
        if actor.is_safeguarding:
            roles |= Q(topic=Topic.ABSENCE)
        if actor.is_parent:
            roles |= Q(parent=actor.user)
        return self.filter(roles)

    def worked_on_by(self, actor: Actor) -> EnquiryQuerySet:
        """What this person answers, hands on and closes: `rules.may_work_on` as one question."""
        return self.filter(_worked_on_by(actor))


@dataclass(frozen=True)
class Restricted:
    """What stands beside an adult whose access is restricted.

    `children`: first names; `no_access`: access has ended, not only messages.
    """

    label: str
    children: str
    no_access: bool


@append_only(updates=[ALL])
class Enquiry(models.Model):
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
    state_release_at = models.DateTimeField(null=True, blank=True)  # None: its first state, known at once
    family_state = models.TextField(max_length=8, blank=True, default="", db_default="")
    taken_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    turn = turn_field()
    is_sealed = sealed_field()  # about the head teacher: the governor's alone (PA-7)

    objects = EnquiryQuerySet.as_manager()
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
            # It stands in addresses of the office, where a gap would be a complaint about the head (PA-7).
            number_tells_nothing("enquiry_number_tells_nothing"),
        ]

    def __str__(self) -> str:
        return self.reference

    def state_for_family(self, now: datetime) -> EnquiryState:
        """Find the state that its family sees at `now` (TE-4)."""
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
        """Whose words these are: the parent's, or of whoever telephoned without an account."""
        origin = getattr(self, "origin", None)
        return origin.contact.full_name if origin and origin.contact else self.parent.name

    @property
    def labelled_facts(self) -> list[tuple[str, str]]:
        """What the form of the topic asked, as (question, answer) in the reader's language."""
        facts = FACTS.get(Topic(self.topic), {})
        return [
            (str(facts[name].label), facts[name].said(answer))
            for name, answer in self.facts.items()
            if name in facts and answer
        ]


class Origin(models.Model):
    """How an enquiry came if its parent did not send it: told by telephone, or a message that the class passed on.

    Who telephones may have no account: then the enquiry stands in the name of whoever recorded it, and `contact`
    says whose words these are.
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


class Complaint(models.Model):
    """What a complaint is about: it decides who reads it and which clock runs (PA-7)."""

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


class EntryQuerySet(models.QuerySet["Entry"]):
    def standing(self) -> EntryQuerySet:
        """Filter out what its writer has withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def pending(self) -> EntryQuerySet:
        """Filter answers that have not arrived yet.

        For the condition of an update that races with the arrival: it loses a draw.
        """
        last = ThisInstant() + Value(ON_ITS_WAY, models.DurationField())
        return self.standing().filter(kind=EntryKind.ANSWER, release_at__gt=last)


@append_only(updates=[ALL])
class Entry(models.Model):
    """What is written under an enquiry. `staff` is empty where the family writes.

    An answer that the office writes in quiet hours reaches the family at `release_at`, the next opening. Until then
    its writer may change or withdraw it (TE-4); nothing else is ever changed. `took`: by it the enquiry was taken.
    """

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="entries")
    kind = models.TextField(choices=EntryKind)
    body = models.TextField(max_length=5000)
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    key = models.UUIDField()
    at = models.DateTimeField(db_default=SchoolNow())
    release_at = models.DateTimeField(db_default=SchoolNow())
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    took = models.BooleanField(default=False, db_default=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="entry_once"),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.FAMILY, staff__isnull=True)
                | (~Q(kind=EntryKind.FAMILY) & Q(staff__isnull=False)),
                name="entry_names_its_staff",
            ),
        ]
        triggers = [
            ENTRY_STAYS,
            ANSWER_HAS_A_READER,
            pgtrigger.Trigger(
                name="entry_is_its_familys_or_staffs",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                IF NOT EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = NEW.user_id AND u.kind = 'person')
                OR (NEW.kind = 'family' AND NOT EXISTS (
                    SELECT 1 FROM messaging_enquiry e WHERE e.id = NEW.enquiry_id AND e.parent_id = NEW.user_id
                )) THEN
                    RAISE EXCEPTION 'entry_is_its_familys_or_staffs' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def arrives(self) -> datetime | None:
        """When its family sees it; None: not known before the next term is entered."""
        return self.release_at if self.release_at < NOT_YET_KNOWN else None


class EnquiryPhoto(models.Model):
    """What a lost thing looks like: decoded and written anew, the original is not kept (AU-5)."""

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


class Stage(models.Model):
    """A step of a complaint and the day by which it is answered; one is open at a time (PA-7)."""

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


class AbsenceCode(models.Model):
    """A letter for the register that is suggested for a reason; the school decides what it then enters (PA-13)."""

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
    """The facts of an absence, for every child of its enquiry. `back_on` None: not known yet."""

    enquiry = models.OneToOneField(Enquiry, models.CASCADE, related_name="absence")
    first_day = models.DateField()
    part = models.CharField(max_length=10, choices=DayPart, default=DayPart.WHOLE)
    reason = models.CharField(max_length=6, choices=AbsenceReason)
    symptom = models.CharField(max_length=8, choices=Symptom, blank=True)
    back_on = models.DateField(null=True, blank=True)
    code = models.TextField(max_length=4, blank=True, default="", db_default="")

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
