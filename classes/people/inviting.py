"""Invite one adult of one child.

Approve where it is needed, make the code.
"""

from datetime import datetime

from django.db import transaction

from accounts.actor import Actor
from classes.joining.approvals import approve_adult
from classes.joining.invitations import Issued, invite_guardianships
from classes.models.guardianships import Guardianship
from classes.own_children import refuse_own_child


@transaction.atomic
def invite_adult(
    *,
    guardianship: Guardianship,
    reason: str,
    ends: int | None,
    by: Actor,
    at: datetime,
    contacts: int | None = None,
) -> Issued:
    """Make a code for this very adult; all or nothing (PA-1, PA-2).

    `reason`: why a leader approves an adult who has to be approved first; '' where nothing waits. `ends`: how many
    codes end by it, as somebody has confirmed. `contacts`: 1 where somebody has read that the records call them a
    contact only. Raises EndsOthers, AsksFirst, NoCode with the sentence, OwnChild.
    """
    refuse_own_child(guardianship, by=by)
    if reason.strip():
        approve_adult(guardianship=guardianship, by=by, reason=reason, at=at)
    [issued] = invite_guardianships(
        guardianships=[guardianship], by=by, at=at, by_hand=True, ends=ends, contacts=contacts
    )
    return issued
