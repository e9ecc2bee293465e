"""Make, renew and withdraw codes, each for one adult and one child.

Policy: PA-1.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from classes.enums import Suggestion
from classes.joining.approvals import approval_of
from classes.joining.codes import code_hash, new_code
from classes.joining.rules import why_no_code
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation
from classes.own_children import refuse_own_child
from classes.queries import needs_slot
from classes.rules import check_ends, may_run_joining
from malpas.lib.dates import end_of_day
from malpas.lib.errors import RuleViolation

LIFETIME = timedelta(days=14)


class NoCode(RuleViolation):
    sentence = _("No code can be made for this adult.")


class AsksFirst(RuleViolation):
    """Raised with the parents and guardians whom the records call contacts only."""

    sentence = _("The school’s records call this adult a contact only. Please read what they say first.")

    def __init__(self, adults: list[Guardianship]) -> None:
        self.adults = adults
        super().__init__()


@dataclass(frozen=True)
class Issued:
    """A new code, at the only moment when anybody can read it."""

    guardianship: Guardianship
    code: str
    expires_at: datetime


@transaction.atomic
def make_invitation(
    *, guardianship: Guardianship, by: Actor, at: datetime, by_hand: bool = False
) -> tuple[Invitation, str]:
    """Make a code for one guardianship, valid until the end of the 14th day.

    An open code is withdrawn. Only the hash is stored. `by_hand`: somebody chose this very guardianship, as a
    contact-only adult needs. Raises NoCode with the sentence for a guardianship that is barred, ended or joined, and
    for one that a leader has to approve first (PA-1, PA-2).
    """
    if not may_run_joining(by):
        raise NoCode(_("Codes are made by the office."))
    guardianship = Guardianship.objects.lock(guardianship.pk)
    sentence = why_no_code(
        guardianship, by_hand=by_hand, on=localtime(at).date(), needs_slot=needs_slot(guardianship)
    )
    if sentence:
        raise NoCode(sentence)
    renewed = _withdraw_waiting(guardianship, at)
    code = new_code()
    invitation = Invitation.objects.create(
        guardianship=guardianship,
        code_hash=code_hash(code),
        made_by=by.user,
        made_at=at,
        expires_at=end_of_day(at + LIFETIME),
        **approval_of(guardianship),
    )
    record(
        "invitation.made",
        by=by,
        about=invitation,
        guardianship=guardianship.pk,
        renewed=renewed,
        by_hand=by_hand,
    )
    return invitation, code


def _withdraw_waiting(guardianship: Guardianship, at: datetime) -> int:
    waiting = Invitation.objects.filter(
        guardianship=guardianship, used_at__isnull=True, withdrawn_at__isnull=True
    )
    return waiting.update(withdrawn_at=at)


@transaction.atomic
def withdraw_invitation(*, guardianship: Guardianship, by: Actor, at: datetime) -> int:
    """Withdraw a guardianship's open code (PA-1); return how many: 0 or 1."""
    if not may_run_joining(by):
        raise NoCode(_("Codes are withdrawn by the office."))
    count = _withdraw_waiting(guardianship, at)
    if count:
        record("invitation.withdrawn", by=by, about=guardianship)
    return count


@transaction.atomic
def withdraw_chosen(
    *, guardianships: Iterable[Guardianship], by: Actor, at: datetime, ends: int | None = None
) -> int:
    """Withdraw the open codes of these adults; return how many.

    `ends`: how many somebody has confirmed. Raises EndsOthers with the number where it differs, OwnChild.
    """
    guardianships = list(guardianships)
    for one in guardianships:
        refuse_own_child(one, by=by)
    pks = [one.pk for one in guardianships]
    locked = Guardianship.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    list(locked.values_list("pk"))
    check_ends(Invitation.objects.open().filter(guardianship__in=pks).count(), ends)
    return sum(withdraw_invitation(guardianship=one, by=by, at=at) for one in guardianships)


def contacts_of(pks: Collection[int]) -> list[Guardianship]:
    """Return those of these connections about whom somebody is asked first (PA-2)."""
    rows = Guardianship.objects.named_by_policy().filter(pk__in=pks, suggestion=Suggestion.CONTACT_ONLY)
    return list(rows.filter(joined_at__isnull=True).select_related("contact", "pupil").order_by("pk"))


def check_contacts(pks: Collection[int], confirmed: int | None) -> None:
    """Raise AsksFirst unless so many contacts only were confirmed."""
    found = contacts_of(pks)
    if found and len(found) != confirmed:
        raise AsksFirst(found)


@transaction.atomic
def invite_guardianships(
    *,
    guardianships: Iterable[Guardianship],
    by: Actor,
    at: datetime,
    by_hand: bool = False,
    ends: int | None = None,
    contacts: int | None = None,
) -> list[Issued]:
    """Make new codes for these guardianships, all or none.

    The letters are printed from what is returned. `ends`: how many codes end by it, as somebody has confirmed;
    `contacts`: how many of those chosen `by_hand` are contacts only. Raises EndsOthers with the number where it
    differs, AsksFirst with those contacts, OwnChild for adults chosen `by_hand`.
    """
    guardianships = list(guardianships)
    for guardianship in guardianships if by_hand else ():
        refuse_own_child(guardianship, by=by)
    pks = [guardianship.pk for guardianship in guardianships]
    list(
        Guardianship.objects.select_for_update(of=("self",))
        .filter(pk__in=pks)
        .order_by("pk")
        .values_list("pk")
    )
    if by_hand:
        check_contacts(pks, contacts)
    check_ends(Invitation.objects.open().filter(guardianship__in=pks).count(), ends)
    issued = []
    for guardianship in guardianships:
        invitation, code = make_invitation(guardianship=guardianship, by=by, at=at, by_hand=by_hand)
        issued.append(Issued(invitation.guardianship, code, invitation.expires_at))
    return issued
