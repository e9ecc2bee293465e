"""Set an enquiry's state: staff see it at once, families later (TE-4).

Families see it in school hours.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied

from accounts.actor import Actor
from accounts.clock import ThisInstant
from messaging.enums import EnquiryState
from messaging.models.complaints import Stage
from messaging.models.enquiries import Enquiry
from messaging.office.rules.enquiries import may_work_on


def lock_enquiry(enquiry: Enquiry, by: Actor) -> Enquiry:
    """Lock an enquiry for a member of staff who works on it.

    The school is locked before it, as in a change of the calendar (F15). Raises PermissionDenied.
    """
    row = Enquiry.objects.select_for_update(of=("self",)).select_related(
        "complaint", "parent", "taken_by__user", "origin__contact"
    )
    fresh = row.get(pk=enquiry.pk)
    if not may_work_on(fresh, by):
        raise PermissionDenied
    return fresh


def set_state(enquiry: Enquiry, state: EnquiryState, *, release_at: datetime, **facts: object) -> None:
    """Set the state, and `facts` with it, of a locked enquiry.

    `release_at` (UTC): when its family sees it; the database keeps what it sees until then.
    """
    rows = Enquiry.objects.filter(pk=enquiry.pk)
    rows.update(state=state, state_release_at=release_at, **facts)


def reopen(enquiry: Enquiry, *, release_at: datetime) -> None:
    """Open a closed enquiry for who had taken it, or for nobody."""
    state = EnquiryState.TAKEN if enquiry.taken_by_id else EnquiryState.NEW
    set_state(enquiry, state, release_at=release_at, closed_at=None)


def reschedule_states(release: datetime) -> None:
    """Reschedule states and stages that families do not see yet (F37)."""
    Enquiry.objects.filter(state_release_at__gt=ThisInstant()).update(state_release_at=release)
    Stage.objects.filter(release_at__gt=ThisInstant()).update(release_at=release)
