"""Find conversations and messages by access, or answer 404."""

from __future__ import annotations

from typing import cast

from django.db import connection
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.actor import Actor
from accounts.models.people import User
from classes.models.classrooms import Classroom
from classes.models.guardianships import Guardianship
from classes.models.pupils import PUPIL_HERE, Pupil
from malpas.lib.db.columns import Columns, set_related
from malpas.lib.db.plain import Plain
from messaging.models.conversations import SEEN_BY_CLASS, Conversation, Message
from messaging.models.proposals import WITH_TIMES

CONVERSATION = Columns(Conversation, "c")
PUPIL = Columns(Pupil, "p", start=CONVERSATION.end)
CLASSROOM = Columns(Classroom, "r", start=PUPIL.end)
PARENT = Columns(User, "u", start=CLASSROOM.end)
# A conversation that a class or a parent may see: the same as `Conversation.objects.visible_to`.
FIND = f"""
    SELECT {CONVERSATION.sql}, {PUPIL.sql}, {CLASSROOM.sql}, {PARENT.sql}
    FROM messaging_conversation c
    JOIN classes_pupil p ON p.id = c.pupil_id
    LEFT JOIN classes_classroom r ON r.id = p.classroom_id
    JOIN accounts_user u ON u.id = c.parent_id
    WHERE c.id = %(pk)s
"""
FIND_FOR_CLASS = f"""
    {FIND} AND r.account_id = %(account)s
    AND {PUPIL_HERE}
    AND EXISTS (SELECT 1 FROM messaging_message m WHERE m.conversation_id = c.id AND {SEEN_BY_CLASS})
"""
FIND_FOR_PARENT = f"{FIND} AND c.parent_id = %(account)s AND has_access(c.pupil_id, c.parent_id, false)"


def get_conversation_for(actor: Actor, pk: int) -> Conversation:
    """Return this actor's conversation with pupil, class and parent, or 404."""
    if not may_hold_conversations(actor):
        raise Http404
    with connection.cursor() as cursor:
        statement = FIND_FOR_CLASS if actor.is_class else FIND_FOR_PARENT
        cursor.execute(statement, {"pk": pk, "account": actor.user.pk})
        row = cursor.fetchone()
    if row is None:
        raise Http404
    found, pupil = cast(Conversation, CONVERSATION.read(row)), cast(Pupil, PUPIL.read(row))
    set_related(pupil, "classroom", CLASSROOM.read(row))
    set_related(found, "pupil", pupil)
    set_related(found, "parent", PARENT.read(row))
    return found


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
    pupil = ("preferred_forename", "preferred_surname", "legal_surname", "dragon")
    fields = (*(f"pupil__{name}" for name in pupil), "contact__user__name")
    return (
        guardianships.select_related("pupil", "contact__user")
        .only(*fields)
        .order_by(Plain("pupil__preferred_forename"), "pupil", "priority", "pk")
    )
