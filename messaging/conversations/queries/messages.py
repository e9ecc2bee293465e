"""The doors to conversations and messages: what somebody may see, or 404. Shaped reads for their pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models.people import User
from classes.models.guardianships import Guardianship
from classes.models.pupils import Pupil
from classes.queries import children_of
from malpas.lib.dates import day_and_time
from malpas.lib.hours import NOT_YET_KNOWN
from messaging.attachments.queries import with_files
from messaging.conversations.rules import body_without_label
from messaging.enums import ProposalKind
from messaging.models.conversations import Conversation, Message, MessageQuerySet
from messaging.models.proposals import WITH_TIMES, Proposal

AROUND = 10
PAGE = 20


def get_conversation_for(actor: Actor, pk: int) -> Conversation:
    """Return the conversation among this actor's, with pupil, class and parent, or raise Http404."""
    if not may_hold_conversations(actor):
        raise Http404
    seen = Conversation.objects.visible_to(actor).select_related("pupil__classroom", "parent")
    return get_object_or_404(seen, pk=pk)


def may_hold_conversations(actor: Actor) -> bool:
    return actor.is_class or actor.is_personal


def get_message_for(actor: Actor, pk: int) -> Message:
    """The message among those this actor may see in a conversation of theirs, or 404 (I3, PA-6)."""
    seen = Message.objects.visible_to(actor).filter(conversation__in=Conversation.objects.visible_to(actor))
    return get_object_or_404(
        seen.select_related("author", "staff", "conversation__pupil__classroom", "conversation__parent"),
        pk=pk,
    )


def get_proposal_to_answer(actor: Actor, pk: int) -> Message:
    """The message with times to choose from that the other side sent, or 404 (TE-8, PA-8)."""
    seen = Message.objects.visible_to(actor).filter(conversation__in=Conversation.objects.visible_to(actor))
    theirs = seen.filter(from_class=not actor.is_class, proposal__kind__in=WITH_TIMES)
    return get_object_or_404(
        theirs.select_related("proposal", "staff", "conversation__pupil__classroom", "conversation__parent"),
        pk=pk,
    )


def family_of(actor: Actor, pupil_id: int, parent_id: int | None = None) -> tuple[Pupil, User]:
    """The child and parent whose conversation this actor may hold, whether it has begun or not; or 404.

    A parent names the child, the class also the parent. Two parents of one child never meet here.
    """
    guardianships = Guardianship.objects.live().filter(pupil=pupil_id)
    if actor.is_class and parent_id:
        guardianships = guardianships.filter(pupil__classroom__account=actor.user, contact__user=parent_id)
    elif actor.is_personal and parent_id is None:
        guardianships = guardianships.filter(contact__user=actor.user)
    else:
        raise Http404
    guardianship = get_object_or_404(guardianships.select_related("pupil__classroom", "contact__user"))
    assert guardianship.contact.user is not None  # a live guardianship has joined
    return guardianship.pupil, guardianship.contact.user


def families(actor: Actor) -> QuerySet[Guardianship]:
    """The joined adults of the class's children, by child: whom the class can write to."""
    guardianships = Guardianship.objects.live().filter(pupil__classroom__account=actor.user)
    fields = ("pupil__preferred_forename", "pupil__legal_surname", "pupil__dragon", "contact__user__name")
    return (
        guardianships.select_related("pupil", "contact__user")
        .only(*fields)
        .order_by(Lower("pupil__preferred_forename"), "pupil", "priority", "pk")
    )


def signed(messages: MessageQuerySet) -> MessageQuerySet:
    """Each with `signed_for`: the name of the account it came from, so the class of then, not the child's of now."""
    return messages.annotate(signed_for=F("author__name"))


@dataclass(frozen=True)
class MessageView:
    """A message as one side sees it. `read_at` and `rerouted` are empty until their hour; `arrives` None: not yet known.

    `proposal`: the meeting or call that it carries, if any. `by`: who signs for the class, in a conversation's page.
    """

    message: Message
    day: date
    mine: bool
    waiting: bool
    arrives: datetime | None
    read_at: datetime | None
    rerouted: bool = False
    proposal: Proposal | None = None
    by: str = ""

    @cached_property
    def arrived(self) -> datetime:
        return localtime(self.message.release_at)

    @cached_property
    def css(self) -> str:
        kinds = {"mine": self.mine, "waiting": self.waiting, "outcome": self.proposal is not None}
        return " ".join(["message", *(f"message--{kind}" for kind, holds in kinds.items() if holds)])

    @cached_property
    def hour(self) -> str:
        return f"{self.arrived:%H:%M}"

    @property
    def body(self) -> str:
        """The message's, without what the card over them says already."""
        return (
            body_without_label(ProposalKind(self.proposal.kind).label, self.message.body)
            if self.proposal
            else self.message.body
        )

    @property
    def stamp(self) -> str:
        return self.arrived.isoformat()

    @property
    def read_label(self) -> str:
        """When it was read, for its own side: who wrote for the class knows that it was the family."""
        if self.read_at is None:
            return ""
        label = _("Read, %(when)s") if self.message.from_class else _("Read by the class, %(when)s")
        return label % {"when": day_and_time(self.read_at)}


def present(message: Message, actor: Actor, now: datetime, by: str = "") -> MessageView:
    mine, waiting = message.from_class == actor.is_class, message.release_at > now
    return MessageView(
        message,
        day=localtime(min(message.release_at, now)).date(),
        mine=mine,
        waiting=waiting,
        arrives=message.release_at if message.release_at < NOT_YET_KNOWN else None,
        read_at=message.read_at if mine and message.read_at and message.read_at <= now else None,
        rerouted=bool(message.rerouted_at and message.rerouted_at <= now),
        proposal=getattr(message, "proposal", None) if "proposal" in message._state.fields_cache else None,
        by=by,
    )


def _signature(message: Message) -> str:
    if message.staff is None:
        return ""
    return _("%(name)s for %(class)s") % {"name": message.staff.signature, "class": message.signed_for}


def conversation_messages(
    conversation: Conversation, actor: Actor, *, now: datetime, before: Message | None = None
) -> tuple[list[MessageView], bool]:
    """The last twenty messages this side may see, oldest first (older than `before`), and whether there are more."""
    rows = list(_last_messages(conversation, actor, before))
    views = [present(row, actor, now, _signature(row)) for row in reversed(rows[:PAGE])]
    return views, len(rows) > PAGE


def _last_messages(conversation: Conversation, actor: Actor, before: Message | None) -> QuerySet[Message]:
    seen = Message.objects.visible_to(actor).filter(conversation=conversation.pk)
    if before is not None:
        same = Q(release_at=before.release_at, pk__lt=before.pk)
        seen = seen.filter(Q(release_at__lt=before.release_at) | same)
    seen = signed(with_files(seen)).select_related("staff", "proposal")
    return seen.order_by("-release_at", "-pk")[: PAGE + 1]


def newest_of(conversations: QuerySet[Conversation], actor: Actor) -> QuerySet[Message]:
    """The newest message of each conversation that this side may see; one that shows it nothing has none."""
    last = Message.objects.visible_per_conversation(actor).order_by("-release_at", "-pk").values("pk")[:1]
    # Distinct as they are: said, so that the database looks each of them up once and not again to compare it.
    return Message.objects.filter(pk__in=conversations.values(newest=Subquery(last)).distinct())


@dataclass(frozen=True)
class Row:
    """One line of a list of conversations; `conversation` None: nothing is to be seen in it yet."""

    pupil: Pupil
    conversation: Conversation | None = None
    last: MessageView | None = None
    unread: int = 0


def parent_rows(actor: Actor, *, now: datetime) -> list[Row]:
    """A parent's children, each with their conversation with its class, if there is one (PA-6). Two queries."""
    last = {message.conversation.pupil_id: message for message in _newest_of_parent(actor)}
    return [_row(pupil, last.get(pupil.pk), actor, now) for pupil in children_of(actor)]


def _newest_of_parent(actor: Actor) -> QuerySet[Message]:
    """Return the newest message of each conversation, with `unread`: how many of the class's are."""
    theirs = Message.objects.visible_to(actor).filter(
        conversation=OuterRef("conversation"), from_class=True, read_at__isnull=True
    )
    unread = theirs.values("conversation").annotate(n=Count("pk")).values("n")
    newest = newest_of(Conversation.objects.visible_to(actor), actor).select_related("conversation")
    return newest.annotate(unread=Coalesce(Subquery(unread, output_field=IntegerField()), 0))


def _row(pupil: Pupil, last: Message | None, actor: Actor, now: datetime) -> Row:
    if last is None:
        return Row(pupil)
    return Row(pupil, last.conversation, present(last, actor, now), last.unread)


def _plain(message: Message, reported: Message) -> dict[str, object]:
    files = [{"name": one.name, "title": one.title, "kind": one.kind} for one in message.files.all()]
    return {
        "id": message.pk,
        "author": message.author.name,
        "staff": message.staff.signature if message.staff else "",
        "body": message.body,
        "sent_at": message.sent_at.isoformat(),
        "reported": message.pk == reported.pk,
        "files": files,
    }


def context_of(message: Message) -> list[dict[str, object]]:
    """The message and up to ten arrived ones before and after it, oldest first, as plain data (TE-7).

    Keys: id, author (name), staff (signature, or empty), body, sent_at (ISO 8601), reported (the one itself),
    files (of each: name, title, kind).
    """
    others = (
        Message.objects.arrived_by_rights()
        .filter(conversation=message.conversation_id)
        .exclude(pk=message.pk)
    )
    others = others.select_related("author", "staff").prefetch_related("files")
    same, at = Q(release_at=message.release_at), message.release_at
    before = others.filter(Q(release_at__lt=at) | same & Q(pk__lt=message.pk)).order_by("-release_at", "-pk")
    after = others.filter(Q(release_at__gt=at) | same & Q(pk__gt=message.pk)).order_by("release_at", "pk")
    rows = [*reversed(before[:AROUND]), message, *after[:AROUND]]
    return [_plain(row, message) for row in rows]
