"""Note that a meeting or call took place, and set a conversation to done (TE-8)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from malpas.lib.errors import RuleViolation
from messaging.conversations.services.proposals import body_or, require_class, send_proposal
from messaging.conversations.services.send import ProposalFacts
from messaging.enums import ProposalKind
from messaging.locks import lock_writer, locked_hours
from messaging.models.conversations import Conversation, Message

COMPLETED = _("We have talked. Thank you.")


class NewMessages(RuleViolation):
    sentence = _("Something new has arrived here. Please read it first.")


@transaction.atomic
def note_completed(
    conversation: Conversation, *, by: Actor, at: datetime, key: UUID, seen: int | None = None
) -> Message:
    """Note that a meeting took place; close the conversation (TE-8).

    Or a call. `seen`: as for `set_done`. The same `key` again returns the first note.
    """
    require_class(by)
    lock_writer(by.user)
    first = Message.objects.filter(author=by.user, key=key).first()
    if first is not None:
        return first
    set_done(conversation, by=by, at=at, seen=seen)
    return send_proposal(
        conversation,
        by,
        at,
        key,
        body_or("", conversation.parent, COMPLETED),
        ProposalFacts(ProposalKind.COMPLETED),
    )


@transaction.atomic
def set_done(conversation: Conversation, *, by: Actor, at: datetime, seen: int | None = None) -> None:
    """Mark a conversation as done and its messages as read.

    A later message opens it again. `seen`: the id of the family's last message on the page (0: none); None
    skips the check. Raises NewMessages when another has arrived since.
    """
    require_class(by)
    theirs = Message.objects.visible_to(by).filter(conversation=conversation, from_class=False)
    last = theirs.order_by("-release_at", "-pk").first()
    if seen is not None and seen != (last.pk if last else 0):
        raise NewMessages
    unread = list(theirs.filter(read_at__isnull=True).values_list("pk", flat=True))
    if last:
        read_at = locked_hours().release(at)
        Message.objects.filter(pk__in=unread, release_at__lte=last.release_at).update(read_at=read_at)
    Conversation.objects.filter(pk=conversation.pk).update(done_at=last.release_at if last else at)
    record("conversation.done", by=by, about=conversation)


@transaction.atomic
def reopen_conversation(conversation: Conversation, *, by: Actor) -> None:
    """Take back the mark 'done'."""
    require_class(by)
    if Conversation.objects.filter(pk=conversation.pk, done_at__isnull=False).update(done_at=None):
        record("conversation.opened", by=by, about=conversation)
