"""End a guardianship and its access, at once and on every device.

The other parent learns nothing.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.notifications import Delivery
from accounts.models.people import StaffMember, User
from accounts.notify.recheck import revoke_notifications
from classes import hooks
from classes.enums import Suggestion
from classes.joining.invitations import withdraw_invitation
from classes.models.guardianships import Guardianship
from classes.own_children import refuse_own_child
from classes.queries import other_guardianships_live
from classes.rules import may_run_joining
from malpas.lib.errors import RuleViolation


class NotYours(RuleViolation):
    sentence = _("Only the office and senior leaders can do this.")


class StillOpen(RuleViolation):
    sentence = _("This connection is open already.")


class HasEnded(RuleViolation):
    sentence = _("This connection has ended. Open it again first.")


def lock_guardianship(guardianship: Guardianship) -> Guardianship:
    """Lock the guardianship and its adult's account, so that writing waits.

    Every path takes the locks in this order: guardianship, then account.
    """
    guardianship = Guardianship.objects.lock(guardianship.pk)
    User.objects.select_for_update(no_key=True, of=("self",)).filter(
        contact=guardianship.contact
    ).values_list("pk").first()
    return guardianship


def withdraw_pending_messages(guardianship: Guardianship, at: datetime) -> None:
    """Withdraw pending messages of this guardianship that may not arrive (I6).

    Between this adult and the child's class.
    """
    if guardianship.contact.user_id:
        hooks.end_access.call_all(guardianship, at)


def end_access(guardianship: Guardianship, *, by: Actor, at: datetime) -> None:
    """End the code, pending messages, notifications and unsent mail (I6)."""
    withdraw_invitation(guardianship=guardianship, by=by, at=at)
    withdraw_pending_messages(guardianship, at)
    if guardianship.contact.user_id:
        revoke_notifications([guardianship.contact.user_id])
        _cancel_all_mail(guardianship)


def _cancel_all_mail(guardianship: Guardianship) -> None:
    """Cancel all mail to an adult without other access.

    That is: no other child here, and no work here.
    """
    works_here = StaffMember.objects.here().filter(user=guardianship.contact.user_id).exists()
    if not works_here and not other_guardianships_live(guardianship.contact, but=guardianship):
        Delivery.objects.filter(user=guardianship.contact.user_id).cancel()


@transaction.atomic
def end_guardianship(*, guardianship: Guardianship, by: Actor, at: datetime) -> Guardianship:
    """End a guardianship and free its slot; a repeated request changes nothing.

    Policy: PA-2.
    """
    if not may_run_joining(by):
        raise NotYours
    refuse_own_child(guardianship, by=by)
    guardianship = lock_guardianship(guardianship)
    if guardianship.ended_at is None:
        guardianship.ended_at = at
        guardianship.save(update_fields=["ended_at"])
        record("guardianship.ended", by=by, about=guardianship)
        end_access(guardianship, by=by, at=at)
    return guardianship


@transaction.atomic
def open_again(*, guardianship: Guardianship, by: Actor) -> Guardianship:
    """Return a new guardianship for a pair whose guardianship has ended.

    On hold and without a slot, until somebody makes a code by hand. It copies the old one's restriction. Raises
    StillOpen.
    """
    if not may_run_joining(by):
        raise NotYours
    refuse_own_child(guardianship, by=by)
    old = lock_guardianship(guardianship)
    pair = {"pupil": old.pupil, "contact": old.contact}
    if Guardianship.objects.filter(**pair, ended_at__isnull=True).exists():
        raise StillOpen
    copied = ("relationship", "priority", "parental_responsibility", "court_order", "order_decided_at",
            "restriction", "restriction_note")  # fmt: skip
    values = {name: getattr(old, name) for name in copied}
    guardianship = Guardianship.objects.create(**pair, **values, suggestion=Suggestion.HOLD)
    record("guardianship.opened", by=by, about=guardianship, after=old.pk)
    return guardianship
