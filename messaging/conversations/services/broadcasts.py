"""Send one message to several families, each in its own conversation.

TE-4, TE-2.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.calendar.hours import school_hours
from accounts.calendar.services import lock_school_for_share
from accounts.models.school import School
from classes.enums import Restriction
from classes.models.guardianships import Guardianship
from classes.models.pupils import Pupil
from malpas.lib.errors import RuleViolation
from malpas.lib.failpoints import failpoint
from malpas.lib.idempotency import IdempotencyConflict
from messaging.attachments.attach import alt_texts_of, send_along
from messaging.body import require_body
from messaging.conversations.rules import may_write_to_many
from messaging.conversations.services.change import AlreadyArrived
from messaging.conversations.services.permissions import MessagingSuspended, may_sign
from messaging.conversations.services.screening import screen_body
from messaging.enums import SkipReason, WithdrawnBecause
from messaging.errors import NotYourConversation
from messaging.models.broadcasts import Broadcast, BroadcastMessage
from messaging.models.conversations import Conversation, Message

Pair = tuple[int, int]  # the ids of a child and of an adult


class NobodyToReach(RuleViolation):
    sentence = _("None of these families can be written to. Please ask the office.")


def _reachable_adults(pupils: Collection[Pupil], by: Actor) -> tuple[list[Pair], list[dict]]:
    """Return the adults to write to, and the skipped ones.

    The first list holds pairs (child, adult), the second dictionaries as in `Broadcast.skipped`. Raises
    NotYourConversation when a child is not of this class.
    """
    chosen = {pupil.pk for pupil in pupils}
    here = set(Pupil.objects.visible_to(by).filter(pk__in=chosen).values_list("pk", flat=True))
    if here != chosen:
        raise NotYourConversation
    joined = Guardianship.objects.filter(pupil__in=here, joined_at__isnull=False, ended_at__isnull=True)
    live = set(Guardianship.objects.live().filter(pupil__in=here).values_list("pk", flat=True))
    reached, skipped = set(), []
    for guardianship in joined.select_related("contact").order_by("pupil", "priority", "pk"):
        pair = (guardianship.pupil_id, guardianship.contact.user_id)
        if guardianship.pk not in live:
            skipped.append((*pair, SkipReason.BARRED))
        elif guardianship.restriction == Restriction.MESSAGING_PAUSED:
            skipped.append((*pair, SkipReason.PAUSED))
        else:
            assert guardianship.contact.user_id is not None  # a live guardianship has joined
            reached.add((guardianship.pupil_id, guardianship.contact.user_id))
    found = {pupil for pupil, _parent in reached} | {pupil for pupil, _parent, _why in skipped}
    skipped += [(pupil, None, SkipReason.NOT_JOINED) for pupil in sorted(here - found)]
    skipped_rows = [{"pupil": pupil, "parent": parent, "why": why.value} for pupil, parent, why in skipped]
    return sorted(reached), skipped_rows


def _conversations(pairs: Collection[Pair]) -> dict[Pair, int]:
    """Map each pair to the id of its conversation.

    Missing conversations are created, always in the same order (F15).
    """
    known = Conversation.objects.filter(
        pupil__in={pupil for pupil, _parent in pairs}, parent__in={parent for _pupil, parent in pairs}
    )
    conversations = {
        (conversation.pupil_id, conversation.parent_id): conversation.pk for conversation in known
    }
    begun = Conversation.objects.bulk_create(
        [
            Conversation(pupil_id=pair[0], parent_id=pair[1])
            for pair in sorted(set(pairs) - set(conversations))
        ],
        update_conflicts=True,
        unique_fields=["pupil", "parent"],
        update_fields=["parent"],
    )
    return conversations | {
        (conversation.pupil_id, conversation.parent_id): conversation.pk for conversation in begun
    }


def _write(
    broadcast: Broadcast, pairs: Collection[Pair], body: str, *, at: datetime, school: School
) -> list[Message]:
    """Create a message for each pair.

    Its key comes from the broadcast's key, so that the database refuses a second one.
    """
    conversations, release = _conversations(pairs), school_hours(school).release(at)
    messages = Message.objects.bulk_create(
        Message(
            conversation_id=conversations[pupil, parent],
            author=broadcast.author,
            staff=broadcast.staff,
            from_class=True,
            body=body,
            key=uuid5(broadcast.key, f"{pupil} {parent}"),
            sent_at=at,
            release_at=release,
        )
        for pupil, parent in pairs
    )
    BroadcastMessage.objects.bulk_create(
        BroadcastMessage(message=one, broadcast=broadcast) for one in messages
    )
    return messages


def _replay(first: Broadcast, pupils: set[int], body: str) -> Broadcast:
    """Return this key's first broadcast if it said the same.

    Both the text and the children must be the same. Raises IdempotencyConflict.
    """
    sent = Message.objects.filter(in_broadcast__broadcast=first)
    reached = set(sent.values_list("conversation__pupil", flat=True)) | {
        one["pupil"] for one in first.skipped
    }
    if pupils != reached or not sent.filter(body=body).exists():
        raise IdempotencyConflict
    return first


@transaction.atomic
def send_to_many(
    *,
    pupils: Collection[Pupil],
    by: Actor,
    at: datetime,
    body: str,
    key: UUID,
    confirmed: Collection[str] | None = None,
    files: Collection[str] = (),
) -> Broadcast:
    """Send a message to every adult of these children.

    They are children of the class. The rules of `send_message` hold for each. An adult who cannot be
    written to is skipped and named in the result. `files`: names of attachments that `by` has uploaded;
    every family gets them. The same `key` again returns the first broadcast if it says the same to the same
    children.

    Raises EmptyBody, BodyTooLong, NotYourConversation, IdempotencyConflict, MessagingSuspended,
    NobodyToReach, TooManyFiles, FilesGone, FaceToFace.
    """
    body = require_body(body)
    signs = may_sign(by)
    first = Broadcast.objects.filter(author=by.user, key=key).first()
    if first is not None:
        return _replay(first, {pupil.pk for pupil in pupils}, body)
    if not may_write_to_many(by) or not signs or by.staff is None:
        raise NotYourConversation
    school = lock_school_for_share()
    if school.messaging_suspended_at:
        raise MessagingSuspended
    if confirmed is not None:
        screen_body(body, by=by, confirmed=confirmed, school=school, descriptions=alt_texts_of(files, by))
    pairs, skipped = _reachable_adults(pupils, by)
    if not pairs:
        raise NobodyToReach
    broadcast = Broadcast.objects.create(author=by.user, staff=by.staff, key=key, sent_at=at, skipped=skipped)
    send_along(_write(broadcast, pairs, body, at=at, school=school), files, by=by)
    record("messages.sent_to_many", by=by, about=broadcast, sent=len(pairs), skipped=len(skipped))
    failpoint("post.before_commit")
    return broadcast


@transaction.atomic
def withdraw_broadcast(broadcast: Broadcast, *, by: Actor, at: datetime) -> int:
    """Withdraw the pending messages of a broadcast and return how many (TE-4).

    A repeated request changes nothing. Raises AlreadyArrived when the database's clock has reached all of
    them.
    """
    if not may_write_to_many(by) or broadcast.author_id != by.user.pk:
        raise PermissionDenied
    lock_school_for_share()
    rows = Message.objects.filter(in_broadcast__broadcast=broadcast).locked_pending()
    taken = rows.update(withdrawn_at=at, withdrawn_because=WithdrawnBecause.WRITER)
    if taken:
        record("messages.withdrawn_together", by=by, about=broadcast, withdrawn=taken)
    elif not Message.objects.filter(in_broadcast__broadcast=broadcast, withdrawn_at__isnull=False).exists():
        raise AlreadyArrived
    return taken
