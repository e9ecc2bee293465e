"""Restrict one guardianship. The other parent never learns of it."""

from datetime import datetime

from django.db import transaction

from accounts.actor import Actor
from accounts.audit import record
from classes.corrections.services import note_changes
from classes.enums import Restriction
from classes.guardianship.rules import NOTE_MISSING
from classes.guardianship.services import (
    HasEnded,
    NotYours,
    end_access,
    lock_guardianship,
    withdraw_pending_messages,
)
from classes.models.guardianships import Guardianship
from classes.own_children import refuse_own_child
from classes.rules import may_run_joining
from malpas.lib.errors import RuleViolation


class NoteMissing(RuleViolation):
    sentence = NOTE_MISSING


@transaction.atomic
def set_restriction(
    *, guardianship: Guardianship, restriction: str, note: str, by: Actor, at: datetime
) -> Guardianship:
    """Set what this adult may do for this child.

    It holds from the next request on. Pending messages that may no longer arrive are withdrawn with their unsent
    mail, and the code where access ends. The adult's other children are not affected. Any choice, 'none' included,
    decides about a court order in the records. The note is for office and SLT, and is not copied into the audit log;
    the history of the record has it, and earlier ones. A repeat changes nothing.
    Raises NoteMissing for a restriction without one, OwnChild for a child of one's own, NotYours,
    HasEnded.
    """
    if not may_run_joining(by):
        raise NotYours
    refuse_own_child(guardianship, by=by)
    if restriction != Restriction.NONE and not note.strip():
        raise NoteMissing
    guardianship = lock_guardianship(guardianship)
    if guardianship.ended_at:
        raise HasEnded
    before, noted = guardianship.restriction, guardianship.restriction_note
    if (before, noted) == (restriction, note) and not guardianship.awaits_decision:
        return guardianship
    guardianship.restriction, guardianship.restriction_note = Restriction(restriction), note
    guardianship.order_decided_at = at
    guardianship.save(update_fields=["restriction", "restriction_note", "order_decided_at"])
    note_changes(guardianship, {"restriction_note": noted}, by=by)
    record(
        "guardianship.restricted",
        by=by,
        about=guardianship,
        before=before,
        after=str(guardianship.restriction),
    )
    if guardianship.restriction == Restriction.NO_ACCESS:
        end_access(guardianship, by=by, at=at)
    elif guardianship.restriction == Restriction.MESSAGING_PAUSED:
        withdraw_pending_messages(guardianship, at)
    return guardianship
