"""Define adults of the school's records, and their guardianships of pupils (PA-2)."""

from __future__ import annotations

from collections.abc import Collection

from django.apps import apps
from django.db import models
from django.db.models import BooleanField, Case, Exists, F, Func, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.models.people import StaffMember, User
from classes.enums import PARENTS_AND_GUARDIANS, Relationship, Restriction, Suggestion
from classes.models.guardianship_triggers import CONTACT_TRIGGERS, GUARDIANSHIP_TRIGGERS
from classes.models.pupils import Pupil, pupil_here


class ContactQuerySet(models.QuerySet["Contact"]):
    def whole(self) -> ContactQuerySet:
        """Leave out records that were found to be somebody's second one."""
        return self.filter(merged_into__isnull=True)


class Contact(models.Model):
    """An adult in the school's records.

    `user`: the account they joined with, if any. `merged_into`: the record of the same person that stays, where this
    is their second one; it keeps the id by which the school's system names them.
    """

    school_ref = models.CharField(_("id in the school's system"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=20, blank=True)
    forename = models.CharField(_("forename"), max_length=60, blank=True)
    surname = models.CharField(_("surname"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    mobile = models.CharField(_("mobile"), max_length=30, blank=True)
    user = models.OneToOneField(
        User, models.PROTECT, null=True, blank=True, related_name="contact", editable=False
    )
    merged_into = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="merged", editable=False
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.CheckConstraint(
                condition=~Q(forename="", surname=""),
                name="contact_has_a_name",
                violation_error_message=_("Please write a forename or a surname."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(user__isnull=True),
                name="contact_merged_has_no_account",
            ),
        ]
        triggers = CONTACT_TRIGGERS

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.forename} {self.surname}".strip()


class HasAccess(Func):
    """Whether an account has access to a child, by a database function.

    `HasAccess("pupil", "parent")` says the same as `Guardianship.objects.live()`. It serves access queries that every
    page runs: building and planning a query over five tables takes longer than answering it. `unrestricted`: only if
    messaging is not paused either.
    """

    function = "has_access"
    output_field = BooleanField()

    def __init__(self, pupil: str | F, parent: str | F, *, unrestricted: bool = False) -> None:
        super().__init__(pupil, parent, Value(unrestricted))


class GuardianshipQuerySet(models.QuerySet["Guardianship"]):
    def lock(self, pk: int) -> Guardianship:
        """Lock one row, then read it with adult, child and class.

        In two statements: one that joins the adult finds no row where a merge, which it waited for, has given the
        connection to another record.
        """
        list(self.filter(pk=pk).select_for_update(of=("self",)).values_list("pk"))
        return self.select_related("contact__user", "pupil__classroom").get(pk=pk)

    def named_by_policy(self) -> GuardianshipQuerySet:
        """Return parents and legal guardians without a court order (PA-2).

        The same rule as `classes.joining.rules.why_approval`.
        """
        guardian = Q(parental_responsibility=True) | Q(relationship__in=PARENTS_AND_GUARDIANS)
        return self.filter(guardian, court_order=False).exclude(suggestion=Suggestion.HOLD)

    def with_needs_slot(self) -> GuardianshipQuerySet:
        """Annotate `needs_slot`: both slots are taken, no further adult approved (PA-2)."""
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
        """Return joined guardianships with a court order that nobody has decided about."""
        joined = self.filter(pupil_here("pupil__"), joined_at__isnull=False, ended_at__isnull=True)
        return joined.filter(court_order=True, order_decided_at__isnull=True, restriction=Restriction.NONE)

    def live(self) -> GuardianshipQuerySet:
        """Return guardianships with access: joined, not ended or barred.

        The adult is not removed, and the child has not left.
        """
        return self.filter(
            pupil_here("pupil__"),
            joined_at__isnull=False,
            ended_at__isnull=True,
            contact__user__removed_at__isnull=True,
            contact__user__is_active=True,
        ).exclude(restriction=Restriction.NO_ACCESS)

    def live_pairs(self, people: Collection[int]) -> set[tuple[int, int]]:
        """Return (account id, pupil id) of these accounts' live guardianships. One query."""
        guardianships = self.live().filter(contact__user__in=people)
        return set(guardianships.values_list("contact__user_id", "pupil_id"))


class Guardianship(models.Model):
    """The relation between one adult and one child.

    Access belongs to it, not to the person. A joined guardianship holds one of the child's two slots, or an approval
    by SLT (PA-2). Both are constraints of the database, so that a third adult cannot join by any path.
    """

    needs_slot: bool  # annotated by `with_needs_slot()`

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
    # A leader's approval of a code for an adult whom PA-2 does not name; a trigger ends it when the records change.
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
        verbose_name = _("connection between adult and child")
        verbose_name_plural = _("connections between adults and children")
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
            models.CheckConstraint(
                condition=Q(restriction=Restriction.NONE) | ~Q(restriction_note__regex=r"^\s*$"),
                name="guardianship_restriction_has_a_note",
            ),
        ]
        triggers = GUARDIANSHIP_TRIGGERS

    def __str__(self) -> str:
        return f"{self.contact} – {self.pupil}"

    @property
    def awaits_decision(self) -> bool:
        """Whether the records name a court order that nobody has decided about."""
        return self.court_order and self.order_decided_at is None and self.restriction == Restriction.NONE
