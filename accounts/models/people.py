"""Accounts and members of staff."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import pgtrigger
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.clock import SchoolNow, SchoolToday
from accounts.enums import Language, UserKind
from accounts.models.pins import ThrottledPin
from accounts.models.staff_triggers import STAFF_TRIGGERS

if TYPE_CHECKING:
    from accounts.models.school import School


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str | None = None, password: str | None = None, **fields) -> "User":
        """Create an account; without a password it has no password sign-in."""
        user = self.model(email=self.normalize_email(email) if email else None, **fields)
        user.set_password(password)
        user.save(using=self._db, force_insert=True)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the account with this address in any case.

        '' finds nobody, as pupils have none.
        """
        return self.get(email__iexact=username or "")

    def with_address(self, address: str) -> models.QuerySet["User"]:
        """Return the accounts that have this address, confirmed or not."""
        mine = models.Q(email__iexact=address) | models.Q(emailaddress__email__iexact=address)
        return self.filter(mine).distinct()


class User(AbstractBaseUser):
    """The account of a person, a class or a pupil.

    Names come from the school's records.
    """

    kind = models.CharField(
        _("kind"), max_length=8, choices=UserKind, default=UserKind.PERSON, editable=False
    )
    email = models.EmailField(_("e-mail address"), null=True, blank=True)  # noqa: DJ001  pupils have none; several NULLs are unique
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.ENGLISH)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(_("joined"), db_default=SchoolNow(), editable=False)
    removed_at = models.DateTimeField(_("access ended"), null=True, blank=True, editable=False)
    access_epoch = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()
    school: "School | None" = None  # of a request's account: as `accounts.sign_in.queries` read it with them
    authenticators: list[int] | None = None  # as `school`: the ids of their second factors
    facts: Mapping[str, Any] = MappingProxyType({})  # as `school`: what `accounts.hooks.WITH_ACCOUNT` names
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(
                condition=Q(kind=UserKind.PUPIL, email__isnull=True) | ~Q(kind=UserKind.PUPIL),
                name="user_pupil_has_no_address",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="user_kind_never_changes",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__kind__df=pgtrigger.F("new__kind")),
            ),
            pgtrigger.Trigger(
                name="user_of_staff_is_a_person",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__kind__df=UserKind.PERSON),
                func="""
                IF EXISTS (SELECT 1 FROM accounts_staffmember s WHERE s.user_id = NEW.id) THEN
                    RAISE EXCEPTION 'staff_account_is_a_persons' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
            # No single person locks out or replaces the governor, who reads complaints about the head (PA-7).
            pgtrigger.Trigger(
                name="user_of_governor_takes_two",
                operation=pgtrigger.UpdateOf("email", "is_active", "removed_at"),
                when=pgtrigger.Before,
                func="""
                IF EXISTS (
                    SELECT 1 FROM accounts_staffmember s
                    WHERE s.user_id = NEW.id AND s.is_governor AND s.left_on IS NULL
                    AND (OLD.is_active AND NOT NEW.is_active
                        OR OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL
                        OR NEW.email IS DISTINCT FROM OLD.email AND NOT EXISTS (
                            SELECT 1 FROM accounts_governorchange c WHERE c.staff_id = s.id
                            AND c.kind IN ('address', 'own_address') AND c.transaction = txid_current()
                        ))
                ) THEN
                    RAISE EXCEPTION 'user_of_governor_takes_two' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email or f"#{self.pk}"

    def get_session_auth_hash(self) -> str:
        """Return a hash that changes with the password and with `access_epoch`."""
        return f"{super().get_session_auth_hash()}.{self.access_epoch}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Return the hashes by older secrets.

        So a new SECRET_KEY signs nobody out.
        """
        for older in super().get_session_auth_fallback_hash():
            yield f"{older}.{self.access_epoch}"

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Return False: rights come from roles (accounts.admin.base.RoleAdmin)."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class StaffQuerySet(models.QuerySet["StaffMember"]):
    """The groups of staff that the policy names. Each group holds only people who work here today."""

    def here(self) -> "StaffQuerySet":
        """Return the staff who work here on the database's day in London."""
        stays = Q(leaves_on__isnull=True) | Q(leaves_on__gt=SchoolToday())
        return self.filter(stays, left_on__isnull=True)

    def leaders(self) -> "StaffQuerySet":
        """Return the senior leaders (SLT), the head among them."""
        return self.here().filter(is_slt=True)

    def heads(self) -> "StaffQuerySet":
        """Return the head teacher; none before the school has named one."""
        return self.here().filter(is_head=True)

    def office(self) -> "StaffQuerySet":
        """Return the staff of the Main Office."""
        return self.here().filter(is_office=True)

    def safeguarding(self) -> "StaffQuerySet":
        """Return the safeguarding leads (AU-7)."""
        return self.here().filter(is_safeguarding=True)

    def governors(self) -> "StaffQuerySet":
        """Return who reads complaints about the head teacher: usually one, at first nobody (PA-7)."""
        return self.here().filter(is_governor=True)

    def reachable(self) -> "StaffQuerySet":
        """Return those here whose own account may sign in and has an address."""
        own = {"user__is_active": True, "user__removed_at__isnull": True, "user__email__isnull": False}
        return self.here().filter(**own)

    def accounts_to_notify(self) -> models.QuerySet[User]:
        """Return the own accounts of those here who may be notified."""
        return User.objects.filter(staff_member__in=self.reachable())

    def lasting_leaders(self) -> "StaffQuerySet":
        """Return leaders with an account and no day of leaving; the trigger keeps one of them."""
        return self.leaders().filter(user__isnull=False, leaves_on__isnull=True)


def in_living_memory(field: str) -> Q:
    """Require no date or one in this century.

    A mistyped 1900 would end somebody's work at once.
    """
    between = Q(**{f"{field}__gte": date(2000, 1, 1), f"{field}__lt": date(2100, 1, 1)})
    return Q(**{f"{field}__isnull": True}) | between


HEAD_STAYS = _("The head teacher hands over to a successor first.")


class StaffMember(ThrottledPin):
    """Somebody who works at the school. `user`: their personal account, if any."""

    title = models.CharField(_("title"), max_length=20, blank=True)
    forename = models.CharField(_("forename"), max_length=60)
    surname = models.CharField(_("surname"), max_length=60)
    job = models.CharField(_("job"), max_length=80, blank=True)
    user = models.OneToOneField(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="staff_member",
        verbose_name=_("own account"),
    )
    is_slt = models.BooleanField(_("senior leader"), default=False)
    is_head = models.BooleanField(_("head teacher"), default=False)
    is_office = models.BooleanField(_("office"), default=False)
    is_safeguarding = models.BooleanField(_("safeguarding lead"), default=False)
    is_governor = models.BooleanField(
        _("governor for complaints about the head teacher"), default=False, db_default=False
    )
    pin_from_leader = models.BooleanField(default=False, db_default=False, editable=False)
    added_key = models.UUIDField(null=True, unique=True, editable=False)  # of the request that added them
    left_on = models.DateField(_("left on"), null=True, blank=True)
    leaves_on = models.DateField(
        null=True, blank=True, editable=False
    )  # a future day; on it the date moves to `left_on`

    objects = StaffQuerySet.as_manager()
    uses_mfa: bool  # annotated by the list of staff in the admin

    class Meta:
        ordering = [F("surname").asc(), F("forename").asc()]
        verbose_name = _("member of staff")
        verbose_name_plural = _("members of staff")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_head=False) | Q(is_slt=True),
                name="staff_head_is_slt",
                violation_error_message=_("A head teacher is a senior leader too: tick both."),
            ),
            models.CheckConstraint(
                condition=Q(is_head=False) | Q(left_on__isnull=True, leaves_on__isnull=True),
                name="staff_head_has_not_left",
                violation_error_message=HEAD_STAYS,
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(leaves_on__isnull=True), name="staff_left_or_leaves"
            ),
            *(
                models.CheckConstraint(
                    condition=in_living_memory(field),
                    name=f"staff_{field}_in_living_memory",
                    violation_error_message=_("Please check the year."),
                )
                for field in ("left_on", "leaves_on")
            ),
            models.UniqueConstraint(
                fields=["is_head"],
                condition=Q(is_head=True),
                name="staff_head_once",
                violation_error_message=_("There is a head teacher already."),
            ),
            models.CheckConstraint(
                condition=Q(is_head=False) | Q(is_governor=False),
                name="staff_head_is_no_governor",
                violation_error_message=_(
                    "The head teacher does not read complaints about the head teacher."
                ),
            ),
        ]
        triggers = STAFF_TRIGGERS

    def __str__(self) -> str:
        return self.signature

    @property
    def leads_on(self) -> bool:
        """Whether this row alone keeps the school from having no leader."""
        return bool(self.is_slt and self.user_id and not self.left_on and not self.leaves_on)

    def has_left(self, today: date) -> bool:
        """Return whether their work has ended by this London date."""
        return self.left_on is not None or (self.leaves_on is not None and self.leaves_on <= today)

    @property
    def signature(self) -> str:
        """The signature: 'Mrs Pritchard', or the full name without a title."""
        return f"{self.title} {self.surname}" if self.title else f"{self.forename} {self.surname}"
