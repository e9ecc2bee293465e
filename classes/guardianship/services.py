"""What ends with a tie between adult and child, at once and on every device. The other parent learns nothing."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.notifications import Delivery
from accounts.models.people import StaffMember, User
from accounts.notify.recheck import stop_telling
from classes.enums import Suggestion
from classes.joining.invitations import withdraw_invitation
from classes.models.people import Guardianship
from classes.own_children import refuse_own_child
from classes.queries import other_ties_live
from classes.rules import may_run_joining
from malpas.lib.errors import RuleViolation

Closer = Callable[[Guardianship, datetime], object]
_closers: list[Closer] = []


class NotYours(RuleViolation):
    sentence = _("Only the office and senior leaders can do this.")


class StillOpen(RuleViolation):
    sentence = _("This tie is open already.")


def when_tie_closes(closer: Closer) -> None:
    """Registers an upper app's function that takes back what waits between this adult and what is the child's.

    It is called in the transaction that restricts or ends the tie, with the tie as it is from now on.
    """
    if closer not in _closers:
        _closers.append(closer)


def lock_tie(guardianship: Guardianship) -> Guardianship:
    """The tie's row and its adult's account, held: what the adult is writing just now comes before or after.

    Tie first, then account: every path takes the locks in this order.
    """
    ties = Guardianship.objects.select_for_update(of=("self",)).select_related("contact", "pupil")
    tie = ties.get(pk=guardianship.pk)
    User.objects.select_for_update(no_key=True).filter(pk=tie.contact.user_id).values_list("pk").first()
    return tie


def stop_writing(tie: Guardianship, at: datetime) -> None:
    """What waits between this adult and the class, and may no longer arrive, is taken back (I6)."""
    if tie.contact.user_id:
        for closer in _closers:
            closer(tie, at)


def close_doors(tie: Guardianship, *, by: Actor, at: datetime) -> None:
    """Everything that goes out through this tie stops: code, waiting messages, notices, mail not yet sent (I6)."""
    withdraw_invitation(guardianship=tie, by=by, at=at)
    stop_writing(tie, at)
    if tie.contact.user_id:
        stop_telling([tie.contact.user_id])
        _stop_all_mail(tie)


def _stop_all_mail(tie: Guardianship) -> None:
    """With no other child here, and no work here, nothing at all goes out to this adult."""
    works_here = StaffMember.objects.filter(user=tie.contact.user_id, left_on__isnull=True).exists()
    if not works_here and not other_ties_live(tie.contact, but=tie):
        Delivery.objects.filter(user=tie.contact.user_id).cancel()


@transaction.atomic
def end_tie(*, guardianship: Guardianship, by: Actor, at: datetime) -> Guardianship:
    """This adult is no longer tied to this child; the place is free. A second press changes nothing (PA-2)."""
    if not may_run_joining(by):
        raise NotYours
    refuse_own_child(guardianship, by=by)
    tie = lock_tie(guardianship)
    if tie.ended_at is None:
        tie.ended_at = at
        tie.save(update_fields=["ended_at"])
        record("guardianship.ended", by=by, about=tie)
        close_doors(tie, by=by, at=at)
    return tie


@transaction.atomic
def open_again(*, guardianship: Guardianship, by: Actor) -> Guardianship:
    """A new tie for a pair whose tie has ended: on hold, without a place, until somebody makes a code by hand.

    What restricted the old one restricts the new one. Raises StillOpen.
    """
    if not may_run_joining(by):
        raise NotYours
    refuse_own_child(guardianship, by=by)
    old = lock_tie(guardianship)
    pair = {"pupil": old.pupil, "contact": old.contact}
    if Guardianship.objects.filter(**pair, ended_at__isnull=True).exists():
        raise StillOpen
    kept = ("relationship", "priority", "parental_responsibility", "court_order", "order_decided_at",
            "restriction", "restriction_note")  # fmt: skip
    values = {name: getattr(old, name) for name in kept}
    tie = Guardianship.objects.create(**pair, **values, suggestion=Suggestion.HOLD)
    record("guardianship.opened", by=by, about=tie, after=old.pk)
    return tie
