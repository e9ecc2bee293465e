"""What senior leaders see of messaging: figures without names, and a conversation into which they look (TE-4, TE-7)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.timezone import localtime

from accounts.actor import Actor
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
    """How often staff wrote in the week from Monday `starts`: presses in all, `late` of them out of working hours.

    Words to a whole class are one press. What was withdrawn before it arrived was not written.
    """

    starts: date
    written: int
    late: int

    @property
    def share(self) -> int:
        """Per cent, rounded; 0 when nothing was written."""
        return round(100 * self.late / self.written) if self.written else 0


def staff_weeks(*, now: datetime, hours: SchoolHours) -> list[Week]:
    """The last six weeks, newest first: figures of the whole school, no names (TE-4)."""
    monday = localtime(now).date() - timedelta(days=localtime(now).weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    since = hours.instant(first, datetime.min.time())
    sent = Message.objects.filter(from_class=True, sent_at__gte=since, sent_at__lte=now)
    sent = sent.exclude(withdrawn_because=WithdrawnBecause.WRITER)
    counts = {monday - timedelta(weeks=n): [0, 0] for n in range(WEEKS)}
    # What was written in working hours arrived at that moment: a closure of later makes nobody's Tuesday an evening.
    one_by_one = sent.filter(in_broadcast__isnull=True).values_list("sent_at", "release_at")
    to_many = sent.values_list("sent_at", "release_at", "in_broadcast__broadcast").exclude(in_broadcast=None)
    for at, arrives in [*one_by_one, *{press[2]: press[:2] for press in to_many}.values()]:
        day = localtime(at).date()
        week = counts[day - timedelta(days=day.weekday())]
        week[0] += 1
        week[1] += arrives > at
    return [Week(starts, *numbers) for starts, numbers in counts.items()]


def staff_waiting() -> int:
    """How many messages of staff wait to go out now."""
    return Message.objects.waiting().filter(from_class=True).count()


def current_suspension() -> Suspension | None:
    return Suspension.objects.filter(lifted_at__isnull=True).select_related("by").first()


def _with_something(actor: Actor) -> QuerySet[Conversation]:
    if not may_oversee(actor):
        raise Http404
    arrived = Message.objects.arrived().filter(conversation=OuterRef("pk"))
    return Conversation.objects.filter(Exists(arrived)).select_related("pupil__classroom", "parent")


def conversations_about(actor: Actor, child: str) -> list[Conversation]:
    """Conversations in which something has arrived, by part of a child's name: for senior leaders; at most thirty."""
    names = child.split()
    if not names:
        return []
    conversations = _with_something(actor)
    for word in names:
        conversations = conversations.filter(
            Q(pupil__preferred_forename__icontains=word) | Q(pupil__legal_surname__icontains=word)
        )
    return list(conversations.order_by("pupil__preferred_forename", "pk")[:30])


def get_conversation_to_oversee(actor: Actor, pk: int) -> Conversation:
    """Any conversation in which something has arrived, for a senior leader; or 404."""
    return get_object_or_404(_with_something(actor), pk=pk)


def get_oversight_access_for(actor: Actor, pk: int, *, now: datetime) -> OversightAccess:
    """This leader's own look of the last hour, or 404: an older one needs a new reason (TE-7)."""
    if not may_oversee(actor):
        raise Http404
    oversight_accesses = OversightAccess.objects.filter(by=actor.staff, at__gt=now - ACCESS_LASTS)
    return get_object_or_404(
        oversight_accesses.select_related("conversation__pupil__classroom", "conversation__parent"), pk=pk
    )


def conversation_overseen(
    oversight_access: OversightAccess, actor: Actor, *, now: datetime, before: int | None = None
) -> tuple[list[MessageView], bool]:
    """The last twenty messages that have arrived in the conversation, hidden ones too, and whether there are more.

    What waits is seen by nobody but its writer, a leader included (I3).
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
