"""Approve further adults and codes in writing, by a senior leader.

A code needs it for an adult whom PA-2 does not name.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.people import StaffMember
from classes.joining.rules import why_approval
from classes.models.guardianships import Guardianship
from classes.models.joining import ApprovalRequest, SlotApproval
from classes.own_children import refuse_own_child
from classes.queries import needs_slot
from malpas.lib.errors import RuleViolation


@transaction.atomic
def approve_further_adult(
    *, guardianship: Guardianship, by: Actor, reason: str, at: datetime
) -> SlotApproval:
    """Approve a third or later adult, with SLT's written reason (PA-2).

    A repeated request returns the first approval.
    """
    leader = check_leader(by, reason)
    refuse_own_child(guardianship, by=by)
    guardianship = Guardianship.objects.select_for_update().get(pk=guardianship.pk)
    pair = {"pupil_id": guardianship.pupil_id, "contact_id": guardianship.contact_id}
    found = SlotApproval.objects.filter(**pair, guardianship__isnull=True).first()
    if found:
        return found
    approval = SlotApproval.objects.create(**pair, reason=reason.strip(), approved_by=leader, approved_at=at)
    record("slot.approved", by=by, about=approval, guardianship=guardianship.pk)
    return approval


@transaction.atomic
def approve_code(*, guardianship: Guardianship, by: Actor, reason: str, at: datetime) -> Guardianship:
    """Approve a code for an adult whom PA-2 does not name.

    With a leader's written reason. It holds for the records as they are: the database ends it when they change. A
    repeated request changes nothing.
    """
    leader = check_leader(by, reason)
    refuse_own_child(guardianship, by=by)
    guardianship = Guardianship.objects.select_for_update().get(pk=guardianship.pk)
    if not why_approval(guardianship) or guardianship.code_approved_by_id:
        return guardianship
    guardianship.code_approved_by, guardianship.code_approved_at, guardianship.code_reason = (
        leader,
        at,
        reason.strip(),
    )
    guardianship.save(update_fields=["code_approved_by", "code_approved_at", "code_reason"])
    record("code.approved", by=by, about=guardianship)
    return guardianship


@transaction.atomic
def approve_adult(*, guardianship: Guardianship, by: Actor, reason: str, at: datetime) -> None:
    """Approve what keeps this adult from a code: code, slot, or both.

    Policy: PA-2.
    """
    guardianship = approve_code(guardianship=guardianship, by=by, reason=reason, at=at)
    if needs_slot(guardianship) or not why_approval(guardianship):
        approve_further_adult(guardianship=guardianship, by=by, reason=reason, at=at)
    answer_request(guardianship, is_approved=True, reason=reason, by=by, at=at)


def answer_request(
    guardianship: Guardianship, *, is_approved: bool, reason: str, by: Actor, at: datetime
) -> ApprovalRequest:
    """Write a leader's answer into the open request, or into one of their own.

    It keeps the reason when the records change later. In the transaction of the act. The last answer given again
    writes nothing.
    """
    leader = check_leader(by, reason)
    rows = ApprovalRequest.objects.filter(guardianship=guardianship).order_by("-pk")
    last = rows.first()
    facts = {"is_approved": is_approved, "answer": reason.strip()}
    if last and last.decided_at and all(getattr(last, name) == value for name, value in facts.items()):
        return last
    answer = {**facts, "decided_by": leader, "decided_at": at}
    if last is None or last.decided_at:
        own = {"guardianship": guardianship, "reason": reason.strip(), "asked_by": by.user, "asked_at": at}
        return ApprovalRequest.objects.create(**own, **answer)
    for name, value in answer.items():
        setattr(last, name, value)
    last.save(update_fields=list(answer))
    return last


def approval_of(guardianship: Guardianship) -> dict[str, object]:
    """Return the approval columns of a new code, if needed."""
    if guardianship.code_approved_by_id:
        return {
            "approved_by_id": guardianship.code_approved_by_id,
            "approval_reason": guardianship.code_reason,
        }
    unused = SlotApproval.objects.filter(pupil_id=guardianship.pupil_id, contact_id=guardianship.contact_id)
    slot = unused.filter(guardianship__isnull=True).order_by("pk").first()
    return {"approved_by_id": slot.approved_by_id, "approval_reason": slot.reason} if slot else {}


def check_leader(by: Actor, reason: str) -> StaffMember:
    """Return the leader who gives this reason. Raises RuleViolation."""
    if not by.is_slt or by.staff is None:
        raise RuleViolation(_("Only a senior leader can approve a further adult."))
    if not reason.strip():
        raise RuleViolation(_("Please write down the reason."))
    return by.staff
