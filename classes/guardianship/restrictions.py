"""A restriction on one tie between adult and child. The other parent never learns of it."""

from datetime import datetime

from django.db import transaction

from accounts.actor import Actor
from accounts.audit import record
from classes.enums import Restriction
from classes.guardianship.rules import NOTE_MISSING
from classes.guardianship.services import NotYours, close_doors, lock_tie, stop_writing
from classes.models.people import Guardianship
from classes.own_children import refuse_own_child
from classes.rules import may_run_joining
from malpas.lib.errors import RuleViolation


class NoteMissing(RuleViolation):
    sentence = NOTE_MISSING


@transaction.atomic
def set_restriction(
    *, guardianship: Guardianship, restriction: str, note: str, by: Actor, at: datetime
) -> Guardianship:
    """Sets what this adult may do for this child, from the next request on, and writes it down.

    What waits and may no longer arrive is withdrawn, the mail about this child not yet sent with it; the code
    too where access ends. The adult's other children are not touched. Whatever is chosen, 'none' included, a
    court order in the records has been decided about. The note is for office and SLT, and is not copied into
    the record. A restriction needs one: raises NoteMissing. Of one's own child a colleague decides: raises OwnChild.
    """
    if not may_run_joining(by):
        raise NotYours
    refuse_own_child(guardianship, by=by)
    if restriction != Restriction.NONE and not note.strip():
        raise NoteMissing
    tie = lock_tie(guardianship)
    before, tie.restriction, tie.restriction_note = tie.restriction, Restriction(restriction), note
    tie.order_decided_at = at
    tie.save(update_fields=["restriction", "restriction_note", "order_decided_at"])
    record("guardianship.restricted", by=by, about=tie, before=before, after=str(tie.restriction))
    if tie.restriction == Restriction.NO_ACCESS:
        close_doors(tie, by=by, at=at)
    elif tie.restriction == Restriction.MESSAGING_PAUSED:
        stop_writing(tie, at)
    return tie
