"""Read the messages of a conversation for its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q, QuerySet
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.actor import Actor
from malpas.lib.dates import day_and_time
from malpas.lib.hours import NOT_YET_KNOWN
from messaging.attachments.queries import with_files
from messaging.conversations.rules import body_without_label
from messaging.enums import ProposalKind
from messaging.models.conversations import Conversation, Message, MessageQuerySet
from messaging.models.proposals import Proposal

PAGE = 20


def signed(messages: MessageQuerySet) -> MessageQuerySet:
    """Annotate `signed_for`: the name of the account that sent the message.

    That is the class of then, not the child's of now.
    """
    return messages.annotate(signed_for=F("author__name"))  # type: ignore[no-redef]  # declared at the model


@dataclass(frozen=True)
class MessageView:
    """Present a message as one side sees it.

    `arrives`: None while unknown. `read_at` and `rerouted` are empty until their time comes. `proposal`:
    the meeting or call that it carries. `by`: who signs for the class on the conversation's page.
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
        """Return the text without the label of its proposal."""
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
        """Say when it was read, for its own side.

        Staff know that it was the family; families read that it was the class.
        """
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
    """Return the last twenty visible messages, oldest first, and whether more exist.

    `before`: only older ones.
    """
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
