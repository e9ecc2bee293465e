"""Read what senior leaders see: anonymous figures, and a conversation (TE-4, TE-7)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.timezone import localtime

from accounts.actor import Actor
from malpas.lib.db.plain import Plain, having_words, words_of
from malpas.lib.hours import SchoolHours
from messaging.attachments.queries import with_files
from messaging.conversations.queries.messages import PAGE, MessageView, present, signed
from messaging.conversations.rules import may_oversee
from messaging.enums import WithdrawnBecause
from messaging.models.conversations import Conversation, Message
from messaging.models.oversight import OversightAccess, Suspension

ACCESS_LASTS = timedelta(hours=1)
WEEKS = 6


@dataclass(frozen=True)
class Week:
    """Count what staff wrote in the week from Monday `starts`.

    `late`: of these, out of working hours. A broadcast counts once; what was withdrawn before it arrived
    does not count.
    """

    starts: date
    written: int
    late: int

    @property
    def share(self) -> int:
        """Return the late share in per cent, rounded.

        0 when nothing was written.
        """
        return round(100 * self.late / self.written) if self.written else 0


def staff_weeks(*, now: datetime, hours: SchoolHours) -> list[Week]:
    """Return the last six weeks, newest first, for the whole school (TE-4)."""
    monday = localtime(now).date() - timedelta(days=localtime(now).weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    since = hours.instant(first, datetime.min.time())
    sent = Message.objects.filter(from_class=True, sent_at__gte=since, sent_at__lte=now)
    sent = sent.exclude(withdrawn_because=WithdrawnBecause.WRITER)
    counts = {monday - timedelta(weeks=n): [0, 0] for n in range(WEEKS)}
    # A message of working hours has the same `sent_at` and `release_at`, even if the day was closed later.
    one_by_one = sent.filter(in_broadcast__isnull=True).values_list("sent_at", "release_at")
    to_many = sent.values_list("sent_at", "release_at", "in_broadcast__broadcast").exclude(in_broadcast=None)
    for at, arrives in [*one_by_one, *{broadcast[2]: broadcast[:2] for broadcast in to_many}.values()]:
        day = localtime(at).date()
        week = counts[day - timedelta(days=day.weekday())]
        week[0] += 1
        week[1] += arrives > at
    return [Week(starts, *numbers) for starts, numbers in counts.items()]


def staff_waiting() -> int:
    """Count the pending messages of staff."""
    return Message.objects.waiting().filter(from_class=True).count()


def current_suspension() -> Suspension | None:
    return Suspension.objects.filter(lifted_at__isnull=True).select_related("by").first()


def _with_something(actor: Actor) -> QuerySet[Conversation]:
    if not may_oversee(actor):
        raise Http404
    arrived = Message.objects.arrived().filter(conversation=OuterRef("pk"))
    return Conversation.objects.filter(Exists(arrived)).select_related("pupil__classroom", "parent")


def conversations_about(actor: Actor, child: str) -> list[Conversation]:
    """Find conversations by part of a child's name; at most thirty.

    Only those in which something has arrived, for senior leaders.
    """
    words = words_of(child)
    if not words:
        return []
    names = ("pupil__preferred_forename", "pupil__surname", "pupil__legal_surname")
    found = having_words(_with_something(actor), names, words)
    return list(found.order_by(Plain("pupil__preferred_forename"), "pk")[:30])


def get_conversation_to_oversee(actor: Actor, pk: int) -> Conversation:
    """Return a conversation in which something has arrived, or 404.

    For senior leaders.
    """
    return get_object_or_404(_with_something(actor), pk=pk)


def get_oversight_access_for(actor: Actor, pk: int, *, now: datetime) -> OversightAccess:
    """Return this leader's own access of the last hour, or 404 (TE-7).

    An older one needs a new reason.
    """
    if not may_oversee(actor):
        raise Http404
    oversight_accesses = OversightAccess.objects.filter(by=actor.staff, at__gt=now - ACCESS_LASTS)
    return get_object_or_404(
        oversight_accesses.select_related("conversation__pupil__classroom", "conversation__parent"), pk=pk
    )


def conversation_overseen(
    oversight_access: OversightAccess, actor: Actor, *, now: datetime, before: int | None = None
) -> tuple[list[MessageView], bool]:
    """Return the last twenty arrived messages, hidden ones too.

    And whether there are more. Pending messages are seen by nobody but their writer, not even by a leader
    (I3).
    """
    arrived = Message.objects.arrived_by_rights().filter(conversation=oversight_access.conversation_id)
    if before is not None:
        older = get_object_or_404(arrived, pk=before)
        arrived = arrived.filter(
            Q(release_at__lt=older.release_at) | Q(release_at=older.release_at, pk__lt=older.pk)
        )
    arrived = signed(with_files(arrived)).select_related("staff", "proposal")
    rows = list(arrived.order_by("-release_at", "-pk")[: PAGE + 1])
    return [present(row, actor, now) for row in reversed(rows[:PAGE])], len(rows) > PAGE
