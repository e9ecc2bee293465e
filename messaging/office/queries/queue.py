"""List the office's queue in pages; nothing falls off it (PA-7)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from accounts.actor import Actor
from malpas.lib.hours import SchoolHours
from messaging.enums import Alert, EnquiryState, QueueView, Topic
from messaging.models.enquiries import Enquiry
from messaging.office.queries.enquiries import enquiries_at_office
from messaging.office.queries.search import found
from messaging.office.queries.waiting import unanswered, waiting
from messaging.office.rules.enquiries import GOING_HOME, is_going_home_today, school_days_since

PAGE = 50
URGENT, SOON, ORDINARY, DONE = range(4)  # ranks in the queue


@dataclass(frozen=True)
class Waiting:
    """Hold one line of the queue; `age` in school days.

    `going_home`: it says who collects a child today.
    """

    enquiry: Enquiry
    age: int
    going_home: bool
    rank: int

    @property
    def on_sheet(self) -> bool:
        """Tell whether it is an absence that nobody has to tick off."""
        return self.enquiry.state != EnquiryState.CLOSED and not self.enquiry.waits

    @property
    def comes_first(self) -> bool:
        return self.rank < ORDINARY

    @property
    def cursor(self) -> str:
        return f"{self.rank}.{self.enquiry.pk}"


class Cursor(NamedTuple):
    """Mark where a page ends.

    The rank is the one shown, whatever has become of the enquiry since.
    """

    rank: int
    enquiry: Enquiry


def get_queue_cursor(actor: Actor, written: str) -> Cursor | None:
    """Read `Waiting.cursor` as the place after which a page begins.

    None: the first page.
    """
    rank, _point, pk = written.partition(".")
    enquiry = enquiries_at_office(actor).filter(pk=int(pk)).first() if written else None
    return Cursor(int(rank), enquiry) if enquiry else None


def topic_counts(actor: Actor) -> dict[Topic, int]:
    """Count what waits for each topic, in the portal's order.

    Topics without any are left out.
    """
    rows = waiting(enquiries_at_office(actor)).order_by("topic")
    numbers = dict(rows.values_list("topic").annotate(n=Count("pk")))
    return {topic: numbers[topic] for topic in Topic if topic in numbers}


def queue(
    actor: Actor,
    *,
    now: datetime,
    hours: SchoolHours,
    topic: str = "",
    whose: str = "",
    words: str = "",
    after: Cursor | None = None,
    limit: int = PAGE,
) -> list[Waiting]:
    """List what waits at the office.

    Urgent first, then allergies and who is collected today, then the oldest. `whose`: '' for all that is
    not done, 'mine', 'free' (nobody has taken it), 'done' (newest first). `words`: of a reference, a name or
    a text; then also what is done and what stands on an absence sheet, the newest first. `after`: only what
    comes after this one.
    """
    today = hours.local_date(now)
    rows: QuerySet[Any] = enquiries_at_office(actor)
    rows = _of(actor, rows, whose, searched=bool(words))
    rows = rows.filter(topic=topic) if topic else rows
    waits = Exists(waiting(Enquiry.objects.filter(pk=OuterRef("pk")).order_by()))
    rows = rows.annotate(waits=waits, wrote_again=Exists(unanswered()))  # type: ignore[no-redef]  # declared at the model
    rows = found(rows, words) if words else rows
    rows = _done(rows, after) if whose == QueueView.DONE else _ranked(rows, after, today, newest=bool(words))
    rows = rows.select_related("parent", "taken_by", "absence", "complaint", "origin__contact")
    page = rows.prefetch_related("pupils__classroom")[:limit]
    return [
        Waiting(row, school_days_since(row.sent_at, now, hours), is_going_home_today(row, today), row.rank)
        for row in page
    ]


def _of(actor: Actor, rows: QuerySet[Enquiry], whose: str, *, searched: bool) -> QuerySet[Enquiry]:
    if whose == QueueView.DONE:
        return rows.filter(state=EnquiryState.CLOSED)
    if whose == QueueView.MINE:
        rows = rows.filter(taken_by=actor.staff)
    elif whose == QueueView.FREE:
        rows = rows.filter(taken_by__isnull=True)
    return rows if searched and not whose else waiting(rows)


def _ranked(rows: QuerySet[Any], after: Cursor | None, today: date, *, newest: bool) -> QuerySet[Any]:
    going_home = Q(topic=Topic.CLUBS, facts__about__in=GOING_HOME, facts__day=today.isoformat())
    ranks = [When(state=EnquiryState.CLOSED, then=DONE), When(alert=Alert.URGENT, then=URGENT)]
    ranks.append(When(~Q(alert="") | going_home, then=SOON))
    rows = rows.annotate(rank=Case(*ranks, default=Value(ORDINARY), output_field=IntegerField()))
    if after is not None:
        (rank, last), side = after, "lt" if newest else "gt"
        beyond = Q(**{f"sent_at__{side}": last.sent_at})
        beyond |= Q(**{"sent_at": last.sent_at, f"turn__{side}": last.turn})
        rows = rows.filter(Q(rank__gt=rank) | Q(beyond, rank=rank))
    return rows.order_by("rank", "-sent_at", "-turn") if newest else rows.order_by("rank", "sent_at", "turn")


def _done(rows: QuerySet[Any], after: Cursor | None) -> QuerySet[Any]:
    last = after.enquiry if after else None
    if last is not None and last.closed_at:
        rows = rows.filter(Q(closed_at__lt=last.closed_at) | Q(closed_at=last.closed_at, turn__lt=last.turn))
    return rows.annotate(rank=Value(DONE)).order_by("-closed_at", "-turn")
