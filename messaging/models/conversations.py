"""Store conversations between one parent and the class about one child.

Arrival is a fact of the database's clock: a message does not exist for its reader before `release_at`,
whether any worker is alive or not.
"""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

from accounts.actor import Actor
from accounts.clock import ON_ITS_WAY, SchoolNow, ThisInstant
from accounts.models.people import StaffMember, User
from classes.models.guardianships import HasAccess
from classes.models.pupils import Pupil, pupil_here
from malpas.lib.db.append_only import ALL, append_only
from messaging.enums import WithdrawnBecause

MAX_BODY = 5000


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def of_class(self, actor: Actor) -> ConversationQuerySet:
        """Filter all conversations with the families of this class account's children.

        Which of them it may see, `visible_to` says.
        """
        return self.filter(pupil_here("pupil__"), pupil__classroom__account=actor.user)

    def visible_to(self, actor: Actor) -> ConversationQuerySet:
        """Filter conversations that this actor may see.

        A parent's own, through a live guardianship; a class's, once something in it has arrived or the
        class wrote. Senior leaders read none here: a report shows them what was reported (TE-7).
        """
        if actor.is_class:
            return self.of_class(actor).filter(Exists(Message.objects.visible_per_conversation(actor)))
        if actor.is_personal:
            return self.filter(HasAccess("pupil", "parent"), parent=actor.user)
        return self.none()


@append_only(updates=[ALL])
class Conversation(models.Model):
    """Store a conversation: one parent, one child.

    The child's other parent has a conversation of their own.
    """

    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="conversations")
    parent = models.ForeignKey(User, models.CASCADE, related_name="conversations")
    started_at = models.DateTimeField(db_default=SchoolNow())
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pupil", "parent"], name="conversation_one_per_parent_and_child")
        ]
        triggers = [
            # Its id is part of URLs: a counting id would reveal a family's pending first message (I3).
            pgtrigger.Trigger(
                name="conversation_id_is_random",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="NEW.id := 1 + floor(random() * 9007199254740990)::bigint; RETURN NEW;",
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


HAS_ACCESS = HasAccess("conversation__pupil", "conversation__parent", unrestricted=True)
HAS_ACCESS_EACH = HasAccess(OuterRef("pupil"), OuterRef("parent"), unrestricted=True)


# What `MessageQuerySet.visible_to` says, for statements written by hand: of a message m in a conversation c.
# tests/messaging/conversations/test_statements.py compares the two.
SEEN_BY_CLASS = """
    m.withdrawn_at IS NULL AND m.hidden_at IS NULL AND (m.from_class OR m.release_at <= school_now()
        AND m.rerouted_at IS NULL AND (m.announced_at IS NOT NULL OR has_access(c.pupil_id, c.parent_id, true)))
"""
SEEN_BY_PARENT = """
    m.withdrawn_at IS NULL AND m.hidden_at IS NULL AND (NOT m.from_class OR m.release_at <= school_now())
"""


class MessageQuerySet(models.QuerySet["Message"]):
    def arrived(self) -> MessageQuerySet:
        """Filter messages that have reached their reader by the database's clock."""
        return self.filter(release_at__lte=SchoolNow(), withdrawn_at__isnull=True)

    def arrived_by_rights(self) -> MessageQuerySet:
        """Filter arrived messages that a leader may read (I6).

        Of a parent's unannounced ones, those whose writer may still write.
        """
        return self.arrived().filter(Q(from_class=True) | Q(announced_at__isnull=False) | Q(HAS_ACCESS))

    def waiting(self) -> MessageQuerySet:
        return self.filter(release_at__gt=SchoolNow(), withdrawn_at__isnull=True)

    def pending(self) -> MessageQuerySet:
        """Filter as `waiting`, for an update that races with the arrival.

        Such an update loses a guardianship.
        """
        last = ThisInstant() + Value(ON_ITS_WAY, models.DurationField())
        return self.filter(release_at__gt=last, withdrawn_at__isnull=True, announced_at__isnull=True)

    def locked_pending(self) -> MessageQuerySet:
        """Lock these rows and filter those still pending.

        They are locked in order of number, so that two transactions never wait for each other in a circle
        (F15).
        """
        rows = self.pending().select_for_update(of=("self",)).order_by("pk")
        return Message.objects.pending().filter(pk__in=list(rows.values_list("pk", flat=True)))

    def visible_to(self, actor: Actor, has_access: HasAccess = HAS_ACCESS) -> MessageQuerySet:
        """Filter what this side wrote, and what has arrived from the other.

        Withdrawn and hidden ones are visible to nobody; a rerouted one no longer to the class (PA-7). Until
        a parent's message is announced, the writer's rights are read from the guardianship itself, so that
        one who lost them after writing is not read before the periodic task withdraws it (I6). The same in SQL:
        SEEN_BY_CLASS and SEEN_BY_PARENT.
        """
        arrived = Q(release_at__lte=SchoolNow())
        if actor.is_class:
            arrived &= Q(announced_at__isnull=False) | Q(has_access)
            arrived &= Q(rerouted_at__isnull=True)
        own = Q(from_class=actor.is_class)
        return self.filter(own | arrived, withdrawn_at__isnull=True, hidden_at__isnull=True)

    def visible_per_conversation(self, actor: Actor) -> MessageQuerySet:
        """Filter, inside a query of conversations, what this actor sees in each."""
        return self.visible_to(actor, HAS_ACCESS_EACH).filter(conversation=OuterRef("pk"))

    def to_announce(self) -> MessageQuerySet:
        """Filter messages that have arrived and are not announced, however old."""
        return self.arrived().filter(announced_at__isnull=True, hidden_at__isnull=True)


@append_only(updates=[ALL])
class Message(models.Model):
    """Store a message of one side of a conversation."""

    # Annotated by queries; a row read otherwise has none of them.
    unread: int
    signed_for: str
    attachments: list[dict[str, Any]]
    may_write: bool
    has_access: bool
    is_ended: bool = False

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    from_class = models.BooleanField()
    body = models.TextField()
    key = models.UUIDField()
    sent_at = models.DateTimeField(db_default=SchoolNow())
    release_at = models.DateTimeField()
    announced_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=16, choices=WithdrawnBecause, blank=True)
    rerouted_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["conversation", "-release_at", "-id"], name="message_of_conversation"),
            models.Index(
                fields=["release_at", "id"],
                name="message_to_announce",
                condition=Q(announced_at__isnull=True, withdrawn_at__isnull=True),
            ),
            models.Index(
                fields=["author", "withdrawn_at"],
                name="message_withheld",
                condition=Q(withdrawn_because=WithdrawnBecause.WRITER_REMOVED),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["author", "key"], name="message_once"),
            models.CheckConstraint(
                condition=Q(release_at__gte=F("sent_at")), name="message_arrives_after_sent"
            ),
            models.CheckConstraint(
                condition=Q(body__regex=r"\S") & Q(LessThanOrEqual(Length("body"), MAX_BODY)),
                name="message_has_body",
            ),
            models.CheckConstraint(
                condition=Q(from_class=True, staff__isnull=False) | Q(from_class=False, staff__isnull=True),
                name="message_of_class_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(announced_at__isnull=True),
                name="message_withdrawn_was_never_announced",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="message_author_is_no_pupil",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("author_id"),
                when=pgtrigger.Before,
                func="""
                IF EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = NEW.author_id AND u.kind = 'pupil') THEN
                    RAISE EXCEPTION 'message_author_is_no_pupil' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="message_is_not_written_while_suspended",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("body"),
                when=pgtrigger.Before,
                func="""
                IF EXISTS (SELECT 1 FROM accounts_school s WHERE s.messaging_suspended_at IS NOT NULL) THEN
                    RAISE EXCEPTION 'message_is_not_written_while_suspended' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="message_stays_once_it_arrived",
                operation=pgtrigger.UpdateOf("body", "release_at", "withdrawn_at"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=True),
                func="""
                IF OLD.release_at <= school_instant() AND (
                    NEW.body <> OLD.body OR NEW.release_at > OLD.release_at
                    OR (NEW.withdrawn_at IS NOT NULL AND NEW.withdrawn_because = 'writer')
                ) THEN
                    RAISE EXCEPTION 'message_stays_once_it_arrived' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="message_withdrawn_answers_nothing",
                operation=pgtrigger.UpdateOf("withdrawn_at"),
                when=pgtrigger.After,
                condition=pgtrigger.Q(new__withdrawn_at__isnull=False),
                func="UPDATE messaging_proposal SET answers_id = NULL WHERE message_id = NEW.id; RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
