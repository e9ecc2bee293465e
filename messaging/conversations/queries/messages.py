"""Read the messages of a conversation for its page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, cast

from django.db import connection
from django.db.models import F
from django.utils.dates import MONTHS_3
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models.people import StaffMember
from malpas.lib.dates import day_and_time
from malpas.lib.db.columns import Columns, set_related
from malpas.lib.hours import NOT_YET_KNOWN
from messaging.attachments.queries import FILES
from messaging.conversations.meeting_text import details_of, title_of
from messaging.conversations.queries.meetings import ENDED
from messaging.conversations.queries.taken_back import TAKEN_BACK, since
from messaging.conversations.rules import body_without_label
from messaging.enums import AGREED, ProposalKind
from messaging.models.conversations import (
    SEEN_BY_CLASS,
    SEEN_BY_PARENT,
    Conversation,
    Message,
    MessageQuerySet,
)
from messaging.models.proposals import Proposal

PAGE = 20
MESSAGE = Columns(Message, "m")
STAFF = Columns(StaffMember, "s", start=MESSAGE.end)
PROPOSAL = Columns(Proposal, "o", start=STAFF.end)
# The last messages of a conversation that one side may see, as `signed(with_files(…))` reads them, and in their places
# those that it has withdrawn and may put back.
LAST = f"""
    SELECT {MESSAGE.sql}, {STAFF.sql}, {PROPOSAL.sql}, a.name, {FILES}, {{ended}}
    FROM messaging_message m
    JOIN messaging_conversation c ON c.id = m.conversation_id
    JOIN accounts_user a ON a.id = m.author_id
    LEFT JOIN accounts_staffmember s ON s.id = m.staff_id
    LEFT JOIN messaging_proposal o ON o.message_id = m.id
    WHERE m.conversation_id = %(conversation)s AND {{seen}}
    ORDER BY m.release_at DESC, m.id DESC LIMIT {PAGE + 1}
"""


def signed(messages: MessageQuerySet) -> MessageQuerySet:
    """Annotate `signed_for`: the name of the account that sent the message.

    That is the class of then, not the child's of now.
    """
    return messages.annotate(signed_for=F("author__name"))  # type: ignore[no-redef]  # declared at the model


@dataclass(frozen=True)
class MessageView:
    """Present a message as one side sees it.

    `arrives`: None while unknown. `read_at` and `rerouted` are empty until their time comes. `proposal`:
    the meeting or call that it carries. `by`: who signs for the class on the conversation's page. `withdrawn`:
    it is not there any more, and its writer may put it back. `follows`: the message above it is the same sender's.
    `title`, `details`: of its proposal. `ended`: what was agreed is cancelled or moved. `may_end`: it stands and may be cancelled or moved.
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
    withdrawn: bool = False
    is_today: bool = False
    follows: bool = False
    title: str = ""
    details: str = ""
    ended: bool = False
    may_end: bool = False

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
    def when(self) -> str:
        """Return the hour of a message of today, else its day: '15:45' or '9 Nov'."""
        return (
            self.hour if self.is_today else f"{self.arrived.day} {MONTHS_3[self.arrived.month].capitalize()}"
        )

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
        withdrawn=message.withdrawn_at is not None,
        is_today=localtime(message.release_at).date() == localtime(now).date(),
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
    rows = _last_messages(conversation, actor, before, now)
    views = [present(row, actor, now, _signature(row)) for row in reversed(rows[:PAGE])]
    views = [_with_proposal(view, conversation, actor, now) for view in views]
    return _in_runs(views), len(rows) > PAGE


def _with_proposal(view: MessageView, conversation: Conversation, actor: Actor, now: datetime) -> MessageView:
    proposal = view.proposal
    if proposal is None or view.withdrawn:
        return view
    parent, stands = conversation.parent.name, proposal.kind in AGREED and not view.message.is_ended
    return replace(
        view,
        title=title_of(proposal, mine=view.mine, by_class=actor.is_class, parent=parent),
        details=details_of(proposal),
        ended=view.message.is_ended,
        may_end=stands and not view.waiting and (proposal.chosen is None or proposal.chosen > now),
    )


def _in_runs(views: list[MessageView]) -> list[MessageView]:
    """Mark the messages of a day whose sender the message above has named."""
    senders = [(view.day, view.mine, view.by, view.withdrawn) for view in views]
    return [
        replace(view, follows=number > 0 and senders[number - 1] == senders[number])
        for number, view in enumerate(views)
    ]


def _last_messages(
    conversation: Conversation, actor: Actor, before: Message | None, now: datetime
) -> list[Message]:
    """Return a page's messages and the first of the next.

    Newest first, with files and proposals.
    """
    seen = SEEN_BY_CLASS if actor.is_class else SEEN_BY_PARENT
    ended = ENDED.format(seen=seen)
    seen = f"(({seen}) OR ({TAKEN_BACK}))"
    params: dict[str, int | datetime] = {
        "conversation": conversation.pk,
        "reader": actor.user.pk,
        "since": since(now),
    }
    if before is not None:
        seen = f"{seen} AND (m.release_at, m.id) < (%(at)s, %(before)s)"
        params |= {"at": before.release_at, "before": before.pk}
    with connection.cursor() as cursor:
        cursor.execute(LAST.format(seen=seen, ended=ended), params)
        return [_read(row) for row in cursor.fetchall()]


def _read(row: Sequence[Any]) -> Message:
    message = cast(Message, MESSAGE.read(row))
    set_related(message, "staff", STAFF.read(row))
    set_related(message, "proposal", PROPOSAL.read(row))
    message.signed_for, files, message.is_ended = row[PROPOSAL.end :]
    message.attachments = [json.loads(file) for file in files]
    return message
