"""The usage terms, and who agreed to them (PA-3, DO-1)."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.clock import SchoolNow
from accounts.models.people import StaffMember, User
from malpas.lib.db.append_only import ALL, append_only


@append_only(updates=[ALL], deletes=True)
class TermsVersion(models.Model):
    number = models.PositiveSmallIntegerField(_("version"), unique=True)
    body_en = models.TextField(_("words in English"))
    body_cy = models.TextField(_("words in Welsh"))
    dated = models.DateField(_("date"))
    review_by = models.DateField(_("to be reviewed by"))
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("version of the terms")
        verbose_name_plural = _("versions of the terms")
        constraints = [
            models.CheckConstraint(condition=Q(review_by__gt=F("dated")), name="terms_review_after_date"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="terms_published_stay",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.dated:%d.%m.%Y})"

    @property
    def body(self) -> str:
        return self.body_cy if get_language() == "cy" else self.body_en


class TermsAcceptanceQuerySet(models.QuerySet["TermsAcceptance"]):
    def of(self, actor: Actor) -> "TermsAcceptanceQuerySet":
        """Return what this person accepted.

        Staff by name at any account, others by account.
        """
        return self.filter(staff=actor.staff) if actor.staff else self.filter(user=actor.user, staff=None)


@append_only()
class TermsAcceptance(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="acceptances", verbose_name=_("account"))
    staff = models.ForeignKey(
        StaffMember,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("member of staff"),
    )
    version = models.ForeignKey(
        TermsVersion, models.PROTECT, related_name="acceptances", verbose_name=_("version of the terms")
    )
    accepted_at = models.DateTimeField(_("agreed"), db_default=SchoolNow())

    objects = TermsAcceptanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("acceptance of the terms")
        verbose_name_plural = _("acceptances of the terms")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "staff", "version"], name="terms_accepted_once", nulls_distinct=False
            )
        ]
        triggers = [pgtrigger.Protect(name="terms_acceptance_stays", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.user} {self.version}"
