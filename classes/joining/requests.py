"""Ask senior leaders about an adult, and refuse one, both in writing (PA-2)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.calendar.hours import school_hours
from classes.joining.approvals import answer_request, check_leader
from classes.joining.invitations import NoCode, withdraw_invitation
from classes.joining.queries import state_of
from classes.models.guardianships import Guardianship
from classes.models.joining import ApprovalRequest
from classes.notifications import notify_leaders_of_request
from classes.own_children import refuse_own_child
from classes.rules import may_run_joining
from malpas.lib.errors import RuleViolation


class NothingToApprove(RuleViolation):
    sentence = _("Nobody has to approve this adult. Please check the page again.")


class WhyMissing(RuleViolation):
    sentence = _("Please write down the reason.")


def _check_waits(guardianship: Guardianship, at: datetime) -> None:
    """Raise NothingToApprove where no leader is needed, or a colleague has approved meanwhile."""
    state = state_of(guardianship, at)
    if state.is_closed or not state.why_waits:
        raise NothingToApprove


@transaction.atomic
def ask_for_approval(*, guardianship: Guardianship, reason: str, by: Actor, at: datetime) -> ApprovalRequest:
    """Ask the leaders to approve this adult.

    They are notified at the next opening.

    A repeat returns the open request. Raises NoCode for somebody without the right, OwnChild, WhyMissing,
    NothingToApprove.
    """
    if not may_run_joining(by):
        raise NoCode(_("Codes are made by the office."))
    refuse_own_child(guardianship, by=by)
    if not reason.strip():
        raise WhyMissing
    guardianship = Guardianship.objects.lock(guardianship.pk)
    if found := ApprovalRequest.objects.filter(guardianship=guardianship, decided_at__isnull=True).first():
        return found
    _check_waits(guardianship, at)
    asked = ApprovalRequest.objects.create(
        guardianship=guardianship, reason=reason.strip(), asked_by=by.user, asked_at=at
    )
    record("approval.asked", by=by, about=asked, guardianship=guardianship.pk)
    notify_leaders_of_request(asked, release_at=school_hours().release(at))
    return asked


@transaction.atomic
def refuse_adult(*, guardianship: Guardianship, reason: str, by: Actor, at: datetime) -> ApprovalRequest:
    """Refuse to approve this adult, with a leader's written reason.

    An open code ends.

    Somebody else may ask again later. Raises RuleViolation for anybody but a leader and without a reason, OwnChild,
    NothingToApprove once a colleague has approved.
    """
    check_leader(by, reason)
    refuse_own_child(guardianship, by=by)
    guardianship = Guardianship.objects.lock(guardianship.pk)
    _check_waits(guardianship, at)
    ended = withdraw_invitation(guardianship=guardianship, by=by, at=at)
    answer = answer_request(guardianship, is_approved=False, reason=reason, by=by, at=at)
    record("approval.refused", by=by, about=answer, guardianship=guardianship.pk, ended=ended)
    return answer
