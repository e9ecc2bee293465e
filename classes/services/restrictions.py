"""A restriction on one tie between adult and child. The other parent never learns of it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models import Delivery
from accounts.services import record
from classes.enums import Restriction
from classes.models import Guardianship
from classes.queries import other_ties_live
from classes.rules import may_run_joining
from classes.services.invitations import withdraw_invitation
from malpas.lib.errors import RuleViolation


@transaction.atomic
def set_restriction(
    *, guardianship: Guardianship, restriction: str, note: str, by: Actor, at: datetime
) -> Guardianship:
    """Sets what this adult may do for this child, from the next request on, and writes it down.

    'No access' also withdraws the open code, and the mail that has not gone yet when the adult has no
    other child here. The note is for office and SLT, and is not copied into the record.
    """
    if not may_run_joining(by):
        raise RuleViolation(_("Only the office and senior leaders can do this."))
    tie = (
        Guardianship.objects.select_for_update(of=("self",)).select_related("contact").get(pk=guardianship.pk)
    )
    before, tie.restriction, tie.restriction_note = tie.restriction, Restriction(restriction), note
    tie.save(update_fields=["restriction", "restriction_note"])
    record("guardianship.restricted", by=by, about=tie, before=before, after=str(tie.restriction))
    if tie.restriction == Restriction.NO_ACCESS:
        withdraw_invitation(guardianship=tie, by=by, at=at)
        _stop_mail(tie)
    return tie


def _stop_mail(tie: Guardianship) -> None:
    if tie.contact.user_id and not other_ties_live(tie.contact, but=tie):
        Delivery.objects.filter(user_id=tie.contact.user_id).cancel()
