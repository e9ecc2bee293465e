"""Read which complaints wait for an answer, and until when."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from accounts.actor import Actor
from messaging.enums import EnquiryState, Topic
from messaging.models.complaints import Stage
from messaging.office.queries.enquiries import enquiries_at_office

MOST = 5


@dataclass(frozen=True)
class Due:
    """A complaint that is not closed.

    `on`: the day by which its stage is answered.
    """

    pk: int
    reference: str
    on: date
    is_overdue: bool


@dataclass(frozen=True)
class ComplaintsDue:
    """The complaints nearest to their limit, and how many there are."""

    first: list[Due]
    number: int
    overdue: int


def complaints_due(actor: Actor, *, today: date) -> ComplaintsDue:
    """Return open complaints that this person works on.

    The nearest limit first.
    Leaders' and the governor's: whoever may not read a complaint does not count it (PA-7).
    """
    rows = enquiries_at_office(actor).filter(topic=Topic.COMPLAINT).exclude(state=EnquiryState.CLOSED)
    stages = Stage.objects.filter(ended_at__isnull=True)
    rows = rows.prefetch_related(Prefetch("stages", stages, to_attr="open_stages")).order_by("sent_at")
    found = [
        Due(row.pk, row.reference, stage.due_on, stage.due_on < today)
        for row in rows
        for stage in row.open_stages[:1]
    ]
    found.sort(key=lambda due: due.on)
    return ComplaintsDue(found[:MOST], len(found), sum(due.is_overdue for due in found))
