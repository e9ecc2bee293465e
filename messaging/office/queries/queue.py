"""List the office's queue in pages; nothing falls off it (PA-7)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Q, QuerySet, When

from accounts.actor import Actor
from malpas.lib.hours import SchoolHours
from messaging.enums import EnquiryState, QueueView
from messaging.models.enquiries import Enquiry
from messaging.office.queries.enquiries import enquiries_at_office
from messaging.office.rules.enquiries import school_days_since

PAGE = 50


@dataclass(frozen=True)
class Waiting:
    """Hold one line of the queue; `age` in school days."""

    enquiry: Enquiry
    age: int


def get_queue_cursor(actor: Actor, pk: int | None) -> Enquiry | None:
    """Find the enquiry after which a page begins; None: the first page."""
    return enquiries_at_office(actor).filter(pk=pk).first() if pk else None


def queue(
    actor: Actor,
    *,
    now: datetime,
    hours: SchoolHours,
    topic: str = "",
    whose: str = "",
    after: Enquiry | None = None,
    limit: int = PAGE,
) -> list[Waiting]:
    """List what waits at the office: alerts first, then the oldest.

    `whose`: '' for all that is not done, 'mine', 'free' (nobody has taken it), 'done' (newest first).
    `after`: only what comes after this one.
    """
    rows = enquiries_at_office(actor)
    if whose == QueueView.MINE:
        rows = rows.filter(taken_by=actor.staff)
    elif whose == QueueView.FREE:
        rows = rows.filter(taken_by__isnull=True)
    rows = rows.filter(topic=topic) if topic else rows
    rows = _done(rows, after) if whose == QueueView.DONE else _open(rows, after)
    rows = rows.select_related("parent", "taken_by", "absence", "complaint", "origin__contact")
    page = rows.prefetch_related("pupils__classroom")[:limit]
    return [Waiting(row, school_days_since(row.sent_at, now, hours)) for row in page]


def _open(rows: QuerySet[Enquiry], after: Enquiry | None) -> QuerySet[Enquiry]:
    rows = rows.exclude(state=EnquiryState.CLOSED).annotate(rank=Case(When(alert="", then=1), default=0))
    if after is not None:
        rank = 0 if after.alert else 1
        older = Q(sent_at__gt=after.sent_at) | Q(sent_at=after.sent_at, turn__gt=after.turn)
        rows = rows.filter(Q(rank__gt=rank) | Q(older, rank=rank))
    return rows.order_by("rank", "sent_at", "turn")


def _done(rows: QuerySet[Enquiry], after: Enquiry | None) -> QuerySet[Enquiry]:
    rows = rows.filter(state=EnquiryState.CLOSED)
    if after is not None and after.closed_at:
        rows = rows.filter(
            Q(closed_at__lt=after.closed_at) | Q(closed_at=after.closed_at, turn__lt=after.turn)
        )
    return rows.order_by("-closed_at", "-turn")
