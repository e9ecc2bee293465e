"""Redeem codes: link an account to a child (PA-1, PA-2).

At most two adults for each child without an approval.
"""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.people import User
from classes.joining.rules import may_join
from classes.models.guardianships import Contact, Guardianship
from classes.models.joining import Invitation, SlotApproval
from classes.models.pupils import Pupil
from classes.roster.matching.perhaps_same import may_be_one
from malpas.lib.errors import RuleViolation

SLOTS = (1, 2)


class CodeRefused(RuleViolation):
    """The one answer to every refused code, whatever the reason (PA-1)."""

    sentence = _(
        "The code or the date of birth is not right. Check both. If they are right, telephone the office: we will print a new code."
    )


class NotForThem(CodeRefused):
    """The same answer to another adult than the letter's (A17).

    The office is notified.
    """


class TwoRecords(CodeRefused):
    """Raised for a right code of what may be the same adult's second record.

    It raises no alarm of a misused code (A17).
    """

    sentence = _(
        "The school may have you in its records twice. Please telephone the office: they put both together, and then "
        "this code works."
    )


class ThirdAdult(RuleViolation):
    sentence = _(
        "Two adults are already linked to this child. Please ask the office. Keep your letter: once the "
        "school has agreed, the same code works."
    )


def check_slot(guardianship: Guardianship) -> None:
    """Raise ThirdAdult without a free slot or an approval for this adult.

    Policy: PA-2.
    """
    _slot_for(guardianship)


def _slot_for(guardianship: Guardianship) -> tuple[int | None, SlotApproval | None]:
    holders = Guardianship.objects.filter(
        pupil_id=guardianship.pupil_id, joined_at__isnull=False, ended_at__isnull=True
    )
    taken = set(holders.values_list("slot", flat=True))
    free = [slot for slot in SLOTS if slot not in taken]
    if free:
        return free[0], None
    unused = SlotApproval.objects.filter(pupil_id=guardianship.pupil_id, contact_id=guardianship.contact_id)
    approval = unused.filter(guardianship__isnull=True).order_by("pk").first()
    if approval is None:
        raise ThirdAdult
    return None, approval


def claim(*, invitation: Invitation, user: User) -> None:
    """Note who signed up with a code; confirming the address redeems it.

    Policy: AU-2.
    """
    Invitation.objects.open().filter(pk=invitation.pk).update(claimed_by=user)


@transaction.atomic
def redeem(*, invitation_id: int, by: Actor, at: datetime) -> Guardianship:
    """Redeem a code: link the adult's account to the child (PA-1, PA-2).

    One transaction, once. The child's row is locked, so that two adults after the last slot come one after the other;
    the database's constraints would refuse the second in any case. Raises CodeRefused for every code that is refused,
    and ThirdAdult when both slots are taken: then nothing has changed and the code stays valid.
    """
    guardianship = _lock_guardianship(invitation_id)
    if guardianship is None or not may_join(guardianship, on=localtime(at).date()) or not by.is_personal:
        raise CodeRefused
    if not Invitation.objects.open().filter(pk=invitation_id).update(used_at=at, claimed_by=by.user):
        raise CodeRefused
    _link_account(guardianship.contact, by.user)
    guardianship.slot, guardianship.approval = _slot_for(guardianship)
    guardianship.joined_at = at
    guardianship.save(update_fields=["slot", "approval", "joined_at"])
    record(
        "guardianship.joined",
        by=by,
        about=guardianship,
        slot=guardianship.slot,
        approval=guardianship.approval_id,
    )
    return guardianship


def _lock_guardianship(invitation_id: int) -> Guardianship | None:
    """Lock the child, then the guardianship.

    Every path takes the locks in this order; rows that only point to the child, as those of its history do, wait for
    neither.
    """
    child = Invitation.objects.filter(pk=invitation_id).values("guardianship__pupil")
    list(Pupil.objects.select_for_update(no_key=True).filter(pk__in=child).values_list("pk"))
    guardianships = Guardianship.objects.select_for_update(
        no_key=True, of=("self", "contact")
    ).select_related("contact", "pupil")
    return guardianships.filter(invitations=invitation_id).first()


def _link_account(contact: Contact, user: User) -> None:
    """Link the contact to the account, under the name of the records.

    Raises NotForThem unless both belong to the same person, TwoRecords where they might. Policy: AU-8.
    """
    another = Contact.objects.filter(user=user).select_related("user").exclude(pk=contact.pk).first()
    if another and contact.user_id is None and may_be_one(another, contact):
        raise TwoRecords
    if another or contact.user_id not in (None, user.pk):
        raise NotForThem
    Contact.objects.filter(pk=contact.pk).update(user=user)
    User.objects.filter(pk=user.pk, staff_member__isnull=True).update(name=contact.full_name)


def redeem_claimed(*, by: Actor, at: datetime) -> list[Guardianship]:
    """Redeem what somebody claimed at sign-up, once their address is confirmed (AU-2)."""
    waiting = Invitation.objects.open().filter(claimed_by=by.user).values_list("pk", flat=True)
    return [redeem(invitation_id=pk, by=by, at=at) for pk in list(waiting)]
