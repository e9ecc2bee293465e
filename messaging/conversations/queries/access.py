"""Find conversations and messages by access, or answer 404."""

from __future__ import annotations

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.actor import Actor
from accounts.models.people import User
from classes.models.guardianships import Guardianship
from classes.models.pupils import Pupil
from messaging.models.conversations import Conversation, Message
from messaging.models.proposals import WITH_TIMES


def get_conversation_for(actor: Actor, pk: int) -> Conversation:
    """Return this actor's conversation with pupil, class and parent, or 404."""
    if not may_hold_conversations(actor):
        raise Http404
    seen = Conversation.objects.visible_to(actor).select_related("pupil__classroom", "parent")
    return get_object_or_404(seen, pk=pk)


def may_hold_conversations(actor: Actor) -> bool:
    return actor.is_class or actor.is_personal


def get_message_for(actor: Actor, pk: int) -> Message:
    """Return a message that this actor may see, or 404 (I3, PA-6)."""
    seen = Message.objects.visible_to(actor).filter(conversation__in=Conversation.objects.visible_to(actor))
    return get_object_or_404(
        seen.select_related("author", "staff", "conversation__pupil__classroom", "conversation__parent"),
        pk=pk,
    )


def get_proposal_to_answer(actor: Actor, pk: int) -> Message:
    """Return the other side's message with times to choose from, or 404.

    (TE-8, PA-8)
    """
    seen = Message.objects.visible_to(actor).filter(conversation__in=Conversation.objects.visible_to(actor))
    theirs = seen.filter(from_class=not actor.is_class, proposal__kind__in=WITH_TIMES)
    return get_object_or_404(
        theirs.select_related("proposal", "staff", "conversation__pupil__classroom", "conversation__parent"),
        pk=pk,
    )


def family_of(actor: Actor, pupil_id: int, parent_id: int | None = None) -> tuple[Pupil, User]:
    """Return a conversation's child and parent, or 404.

    It may not have begun yet. A parent names the child, the class also the parent. Two parents of one child
    never meet here.
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
    """Return the guardianships to whose adults a class can write, by child."""
    guardianships = Guardianship.objects.live().filter(pupil__classroom__account=actor.user)
    fields = ("pupil__preferred_forename", "pupil__legal_surname", "pupil__dragon", "contact__user__name")
    return (
        guardianships.select_related("pupil", "contact__user")
        .only(*fields)
        .order_by(Lower("pupil__preferred_forename"), "pupil", "priority", "pk")
    )
