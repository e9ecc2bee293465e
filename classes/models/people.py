"""Classrooms, pupils, and whose adults are whose."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import pgtrigger
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import BooleanField, Case, Exists, F, Func, OuterRef, Q, Value, When
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.clock import SchoolToday
from accounts.models.people import StaffMember, User
from classes.enums import PARENTS_AND_GUARDIANS, Relationship, Restriction, Suggestion


class ClassroomQuerySet(models.QuerySet["Classroom"]):
    def read_by_somebody(self) -> ClassroomQuerySet:
        """Classes in which somebody can read what families write: an account that signs in, and staff for it (TE-2)."""
        staff = StaffMember.objects.here().filter(classrooms=OuterRef("pk"))
        return self.filter(Exists(staff), account__is_active=True, account__removed_at__isnull=True)

    def read_by_nobody(self) -> ClassroomQuerySet:
        """Classes with children in which nobody can read what their families write."""
        unread = self.exclude(pk__in=Classroom.objects.read_by_somebody().values("pk"))
        return unread.filter(Exists(Pupil.objects.here().filter(classroom=OuterRef("pk"))))


class Classroom(models.Model):
    name = models.CharField(_("name"), max_length=60, unique=True)
    account = models.OneToOneField(
        User, models.PROTECT, null=True, blank=True, related_name="classroom", verbose_name=_("class account")
    )
    staff = models.ManyToManyField(
        StaffMember, blank=True, related_name="classrooms", verbose_name=_("staff")
    )

    objects = ClassroomQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("class")
        verbose_name_plural = _("classes")

    def __str__(self) -> str:
        return self.name


def pupil_here(path: str = "") -> Q:
    """Say that a pupil has not left by the school's date. `path`: the lookup to the pupil, such as 'pupil__'."""
    return Q(**{f"{path}left_on__isnull": True}) | Q(**{f"{path}left_on__gt": SchoolToday()})


class PupilQuerySet(models.QuerySet["Pupil"]):
    def here(self) -> PupilQuerySet:
        """Pupils of the school today: a leaving date acts on the day itself."""
        return self.filter(pupil_here())

    def of_parent(self, user: User) -> PupilQuerySet:
        """Children that this adult may see: a live guardianship, and the person not removed (PA-4, PA-5)."""
        return self.filter(
            Exists(Guardianship.objects.live().filter(pupil=OuterRef("pk"), contact__user=user))
        )

    def visible_to(self, actor: Actor) -> PupilQuerySet:
        """Their own children for a parent, the class for its account, oneself for a pupil, all for office and SLT."""
        if actor.is_slt or actor.is_office:
            return self.here()
        if actor.is_class:
            return self.here().filter(classroom__account=actor.user)
        if actor.is_pupil:
            return self.here().filter(account=actor.user)
        return self.of_parent(actor.user)

    def by_name(self) -> PupilQuerySet:
        return self.order_by(Lower("preferred_forename"), Lower("legal_surname"), "pk")


class Pupil(models.Model):
    school_ref = models.CharField(_("id in the school's system"), max_length=40, unique=True)
    admission_number = models.CharField(_("admission number"), max_length=20, blank=True)
    upn = models.CharField(_("UPN"), max_length=13, blank=True)
    legal_forename = models.CharField(_("legal forename"), max_length=60)
    legal_surname = models.CharField(_("legal surname"), max_length=60)
    preferred_forename = models.CharField(_("known as"), max_length=60)
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
                violation_error_message=_("The leaving date is not one. Please look at the year again."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.preferred_forename} {self.legal_surname}"

    @property
    def first_name(self) -> str:
        return self.preferred_forename

    def has_left(self, on: date) -> bool:
        """Say whether the child has left by this day; `on` is the school's date."""
        return self.left_on is not None and self.left_on <= on


class Contact(models.Model):
    """An adult in the school's records. `user` is the account they joined with, if they did."""

    school_ref = models.CharField(_("id in the school's system"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=20, blank=True)
    forename = models.CharField(_("forename"), max_length=60)
    surname = models.CharField(_("surname"), max_length=60)
    email = models.EmailField(_("e-mail address"), blank=True)
    mobile = models.CharField(_("mobile"), max_length=30, blank=True)
    user = models.OneToOneField(
        User, models.PROTECT, null=True, blank=True, related_name="contact", editable=False
    )

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.forename} {self.surname}"


class HasAccess(Func):
    """Whether a child and an account have a guardianship as `Guardianship.objects.live()` says: `HasAccess("pupil", "parent")`.

    A function of the database, for the doors that every page passes: a query put together from five tables takes
    longer to write and to plan than to answer. `unrestricted`: one whose messages are not paused either.
    """

    function = "has_access"
    output_field = BooleanField()

    def __init__(self, pupil: str | F, parent: str | F, *, unrestricted: bool = False) -> None:
        super().__init__(pupil, parent, Value(unrestricted))


class GuardianshipQuerySet(models.QuerySet["Guardianship"]):
    def named_by_policy(self) -> GuardianshipQuerySet:
        """Parents and legal guardians by the records, no court order: `rules.why_approval` in a query (PA-2)."""
        guardian = Q(parental_responsibility=True) | Q(relationship__in=PARENTS_AND_GUARDIANS)
        return self.filter(guardian, court_order=False).exclude(suggestion=Suggestion.HOLD)

    def with_needs_slot(self) -> GuardianshipQuerySet:
        """Each with `needs_slot`: others hold both places, and no further adult is approved for it (PA-2)."""
        joined = Guardianship.objects.filter(pupil=OuterRef("pupil"), joined_at__isnull=False)
        others = joined.filter(ended_at__isnull=True).exclude(pk=OuterRef("pk"))
        pair = {"pupil": OuterRef("pupil"), "contact": OuterRef("contact")}
        approvals = apps.get_model("classes", "SlotApproval").objects.all()
        approved = approvals.filter(**pair, guardianship__isnull=True)
        full = Q(Exists(others.filter(slot=1))) & Q(Exists(others.filter(slot=2)))
        return self.annotate(
            needs_slot=Case(
                When(full & ~Q(Exists(approved)), then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            )
        )

    def to_decide(self) -> GuardianshipQuerySet:
        """Joined, and the records have come to name a court order that nobody has decided about yet."""
        joined = self.filter(pupil_here("pupil__"), joined_at__isnull=False, ended_at__isnull=True)
        return joined.filter(court_order=True, order_decided_at__isnull=True, restriction=Restriction.NONE)

    def live(self) -> GuardianshipQuerySet:
        """Ties that open the portal now: joined, not ended, not barred, the adult not removed, the child here."""
        return self.filter(
            pupil_here("pupil__"),
            joined_at__isnull=False,
            ended_at__isnull=True,
            contact__user__removed_at__isnull=True,
            contact__user__is_active=True,
        ).exclude(restriction=Restriction.NO_ACCESS)

    def live_pairs(self, people: Collection[int]) -> set[tuple[int, int]]:
        """(account, child) for each live guardianship of these accounts, by their ids. One query."""
        guardianships = self.live().filter(contact__user__in=people)
        return set(guardianships.values_list("contact__user_id", "pupil_id"))


class Guardianship(models.Model):
    """The guardianship between one adult and one child: access belongs to it, not to the person.

    A joined tie holds one of the child's two places, or an approval by SLT (PA-2). Both are constraints of
    the database, so the third adult cannot join by any path.
    """

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="guardianships", verbose_name=_("pupil"))
    contact = models.ForeignKey(
        Contact, models.CASCADE, related_name="guardianships", verbose_name=_("adult")
    )
    relationship = models.CharField(
        _("relationship"), max_length=12, choices=Relationship, default=Relationship.OTHER
    )
    priority = models.PositiveSmallIntegerField(_("priority"), default=1)
    parental_responsibility = models.BooleanField(_("parental responsibility"), default=False)
    court_order = models.BooleanField(_("court order"), default=False)
    order_decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    suggestion = models.CharField(
        _("suggestion"), max_length=12, choices=Suggestion, default=Suggestion.CONTACT_ONLY, editable=False
    )
    restriction = models.CharField(
        _("restriction"), max_length=16, choices=Restriction, default=Restriction.NONE
    )
    restriction_note = models.TextField(_("note"), blank=True, help_text=_("Seen by office and SLT only."))
    joined_at = models.DateTimeField(_("joined"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)
    slot = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    approval = models.OneToOneField(
        "classes.SlotApproval",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="guardianship",
        editable=False,
    )
    # A leader's approval of a code for an adult whom PA-2 does not name; ends when the records change (a trigger).
    code_approved_by = models.ForeignKey(
        StaffMember,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        db_constraint=False,
        db_index=False,
    )
    code_approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    code_reason = models.TextField(blank=True, default="", db_default="", editable=False)

    objects = GuardianshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("tie between adult and child")
        verbose_name_plural = _("ties between adults and children")
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "contact"], name="guardianship_once", condition=Q(ended_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["pupil", "slot"],
                name="guardianship_slot_taken",
                condition=Q(joined_at__isnull=False, ended_at__isnull=True, slot__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(slot__isnull=True) | Q(slot__in=[1, 2]), name="guardianship_two_slots"
            ),
            models.CheckConstraint(
                condition=Q(joined_at__isnull=True)
                | Q(ended_at__isnull=False)
                | Q(slot__isnull=False)
                | Q(approval__isnull=False),
                name="guardianship_joined_holds_a_slot",
            ),
            models.CheckConstraint(
                condition=Q(code_approved_by__isnull=True, code_approved_at__isnull=True, code_reason="")
                | Q(code_approved_by__isnull=False, code_approved_at__isnull=False)
                & ~Q(code_reason__regex=r"^\s*$"),
                name="guardianship_code_approval_is_whole",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="guardianship_code_approval_is_of_these_facts",
                operation=pgtrigger.UpdateOf(
                    "relationship", "parental_responsibility", "court_order", "suggestion"
                ),
                when=pgtrigger.Before,
                condition=pgtrigger.AnyChange(
                    "relationship", "parental_responsibility", "court_order", "suggestion"
                ),
                func="""
                NEW.code_approved_by_id = NULL;
                NEW.code_approved_at = NULL;
                NEW.code_reason = '';
                RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="guardianship_code_is_approved_by_a_leader",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("code_approved_by_id"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__code_approved_by__isnull=False),
                func="""
                IF NOT EXISTS (SELECT 1 FROM accounts_staffmember s WHERE s.id = NEW.code_approved_by_id AND s.is_slt)
                THEN
                    RAISE EXCEPTION 'guardianship_code_is_approved_by_a_leader' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="guardianship_facts_end_codes",
                operation=pgtrigger.UpdateOf(
                    "relationship", "parental_responsibility", "court_order", "suggestion"
                ),
                when=pgtrigger.After,
                condition=pgtrigger.AnyChange(
                    "relationship", "parental_responsibility", "court_order", "suggestion"
                ),
                func="""
                IF code_needs_approval(NEW.relationship, NEW.parental_responsibility, NEW.court_order,
                                       NEW.suggestion) THEN
                    UPDATE classes_invitation SET withdrawn_at = school_now()
                    WHERE guardianship_id = NEW.id AND used_at IS NULL AND withdrawn_at IS NULL;
                END IF;
                RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                name="guardianship_approval_is_its_own",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__approval__isnull=False),
                func="""
                IF NOT EXISTS (SELECT 1 FROM classes_slotapproval a WHERE a.id = NEW.approval_id
                               AND a.pupil_id = NEW.pupil_id AND a.contact_id = NEW.contact_id) THEN
                    RAISE EXCEPTION 'guardianship_approval_is_its_own' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact} – {self.pupil}"
