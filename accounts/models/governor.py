"""Changes of the governor's role and sign-in, each by two leaders (PA-7)."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.clock import SchoolNow
from accounts.enums import GovernorChangeKind, GovernorChangeState
from accounts.models.people import StaffMember
from malpas.lib.db.append_only import ALL, append_only


@append_only(updates=[ALL])
class GovernorChange(models.Model):
    """One change, proposed by one senior leader and confirmed by another.

    Neither is the head teacher or the governor. `proposed_by` None: a command on the server; `confirmed_by`
    is None for the governor's own new address. `transaction` is the one that carried it out: triggers on
    the governor's rows require it.
    """

    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="+", verbose_name=_("governor"))
    kind = models.TextField(_("change"), choices=GovernorChangeKind)
    address = models.TextField(_("e-mail address"), blank=True)
    reason = models.TextField(_("reason"))
    proposed_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField(db_default=SchoolNow())
    confirmed_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    state = models.TextField(choices=GovernorChangeState, default=GovernorChangeState.OPEN)
    transaction = models.BigIntegerField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["proposed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "kind"],
                condition=Q(state=GovernorChangeState.OPEN),
                name="governor_change_open_is_one",
            ),
            models.CheckConstraint(
                condition=~Q(state=GovernorChangeState.DONE)
                | Q(proposed_by__isnull=True, confirmed_by__isnull=True)
                | Q(kind=GovernorChangeKind.OWN_ADDRESS, proposed_by=F("staff"), confirmed_by__isnull=True)
                | (
                    Q(proposed_by__isnull=False, confirmed_by__isnull=False)
                    & ~Q(confirmed_by=F("proposed_by"))
                    & ~Q(confirmed_by=F("staff"))
                    & ~Q(proposed_by=F("staff"))
                ),
                name="governor_change_takes_two",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="governor_change_stays", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="governor_change_is_by_leaders",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                IF TG_OP = 'UPDATE' AND (OLD.state <> 'open'
                    OR (NEW.staff_id, NEW.kind, NEW.address, NEW.reason, NEW.proposed_at)
                        IS DISTINCT FROM (OLD.staff_id, OLD.kind, OLD.address, OLD.reason, OLD.proposed_at)
                    OR NEW.proposed_by_id IS DISTINCT FROM OLD.proposed_by_id)
                OR NEW.kind <> 'own_address' AND EXISTS (
                    SELECT 1 FROM accounts_staffmember s
                    WHERE s.id IN (NEW.proposed_by_id, NEW.confirmed_by_id)
                    AND (s.is_head OR (TG_OP = 'INSERT' OR s.id = NEW.confirmed_by_id)
                        AND (NOT s.is_slt OR s.left_on IS NOT NULL))
                ) THEN
                    RAISE EXCEPTION 'governor_change_is_by_leaders' USING ERRCODE = 'check_violation';
                END IF;
                NEW.transaction := CASE WHEN NEW.state = 'done' THEN txid_current() END;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
