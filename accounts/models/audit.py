"""The append-only audit log.

An entry is written in the transaction of the act.
"""

from collections.abc import Collection

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.clock import SchoolNow
from accounts.models.people import StaffMember, User
from accounts.models.sealing import random_id, sealed_field, turn_field
from malpas.lib.db.append_only import append_only

OWN_PENDING = ("message.changed", "message.withdrawn", "message.put_back", "messages.withdrawn_together")


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def visible_to(self, actor: Actor | None) -> "AuditEntryQuerySet":
        """Leave out acts on sealed rows for everybody but the governor (PA-7)."""
        return self.all() if actor is not None and actor.is_governor else self.filter(is_sealed=False)

    def readable_by(self, actor: Actor | None, *, but: Collection[str]) -> "AuditEntryQuerySet":
        """Return what this leader may read.

        Reports and decisions are for the head alone, as reports about staff are (AU-11), and those about the
        head not for the head (A25). What a writer does to their own pending message is for nobody (I3).
        `but`: what `accounts.hooks.unreadable_for` returns.
        """
        entries = self.visible_to(actor).exclude(verb__in=OWN_PENDING)
        if actor is None or not actor.is_slt or actor.staff is None or not actor.staff.is_head:
            return entries.exclude(about__startswith="moderation.")
        return entries.exclude(about__in=but)


@append_only()
class AuditEntry(models.Model):
    at = models.DateTimeField(_("when"), db_default=SchoolNow())
    verb = models.CharField(_("what was done"), max_length=60)
    user = models.ForeignKey(
        User,
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account"),
        db_constraint=False,
    )
    staff = models.ForeignKey(
        StaffMember,
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        verbose_name=_("member of staff"),
    )
    about = models.CharField(_("about"), max_length=80, blank=True)
    detail = models.JSONField(_("detail"), default=dict, blank=True)
    turn = turn_field()
    is_sealed = sealed_field()

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-turn"]
        verbose_name = _("entry of the record")
        verbose_name_plural = _("record of what was done")
        indexes = [
            models.Index(fields=["about"], name="audit_about"),
            models.Index(fields=["at"], name="audit_at"),
        ]
        triggers = [
            pgtrigger.Protect(name="audit_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            random_id("audit_id_is_random"),
        ]

    def __str__(self) -> str:
        return self.verb
