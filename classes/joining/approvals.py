"""What senior leaders approve in writing: a further adult, and a code for an adult whom PA-2 does not name."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.people import StaffMember
from classes.joining.rules import why_approval
from classes.models.joining import PlaceApproval
from classes.models.people import Guardianship
from classes.own_children import refuse_own_child
from classes.queries import needs_place
from malpas.lib.errors import RuleViolation


@transaction.atomic
def approve_further_adult(
    *, guardianship: Guardianship, by: Actor, reason: str, at: datetime
) -> PlaceApproval:
    """SLT lets a third or later adult join, with a written reason. A second press finds the first (PA-2)."""
    leader = _leader(by, reason)
    refuse_own_child(guardianship, by=by)
    Guardianship.objects.select_for_update().get(pk=guardianship.pk)
    pair = {"pupil_id": guardianship.pupil_id, "contact_id": guardianship.contact_id}
    found = PlaceApproval.objects.filter(**pair, guardianship__isnull=True).first()
    if found:
        return found
    approval = PlaceApproval.objects.create(**pair, reason=reason.strip(), approved_by=leader, approved_at=at)
    record("place.approved", by=by, about=approval, guardianship=guardianship.pk)
    return approval


@transaction.atomic
def approve_code(*, guardianship: Guardianship, by: Actor, reason: str, at: datetime) -> Guardianship:
    """Let an adult whom PA-2 does not name have a code, with a leader's written reason.

    It holds for the records as they are: the database ends it when they change. A second press changes nothing.
    """
    leader = _leader(by, reason)
    refuse_own_child(guardianship, by=by)
    tie = Guardianship.objects.select_for_update().get(pk=guardianship.pk)
    if not why_approval(tie) or tie.code_approved_by_id:
        return tie
    tie.code_approved_by, tie.code_approved_at, tie.code_reason = leader, at, reason.strip()
    tie.save(update_fields=["code_approved_by", "code_approved_at", "code_reason"])
    record("code.approved", by=by, about=tie)
    return tie


@transaction.atomic
def approve_adult(*, guardianship: Guardianship, by: Actor, reason: str, at: datetime) -> None:
    """Approve whatever keeps this adult from a code: the code, a further place, or both (PA-2)."""
    tie = approve_code(guardianship=guardianship, by=by, reason=reason, at=at)
    if needs_place(tie) or not why_approval(tie):
        approve_further_adult(guardianship=tie, by=by, reason=reason, at=at)


def approval_of(tie: Guardianship) -> dict[str, object]:
    """Give the columns of a code that say who approved it and why; none where nobody had to."""
    if tie.code_approved_by_id:
        return {"approved_by_id": tie.code_approved_by_id, "approval_reason": tie.code_reason}
    unused = PlaceApproval.objects.filter(pupil_id=tie.pupil_id, contact_id=tie.contact_id)
    place = unused.filter(guardianship__isnull=True).order_by("pk").first()
    return {"approved_by_id": place.approved_by_id, "approval_reason": place.reason} if place else {}


def _leader(by: Actor, reason: str) -> StaffMember:
    if not by.is_slt or by.staff is None:
        raise RuleViolation(_("Only a senior leader can approve a further adult."))
    if not reason.strip():
        raise RuleViolation(_("Please write down the reason."))
    return by.staff
