"""Store broadcasts: one message to several families.

Each family gets it in its own conversation, so that a reply stays private (TE-4).
"""

import pgtrigger
from django.db import models

from accounts.clock import SchoolNow
from accounts.models.people import StaffMember, User
from messaging.models.conversations import Message


class Broadcast(models.Model):
    """Store one broadcast of a class.

    `skipped`: the adults who got nothing, as {"pupil": id, "parent": id or None, "why": SkipReason}.
    """

    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    staff = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    key = models.UUIDField()
    sent_at = models.DateTimeField(db_default=SchoolNow())
    skipped = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "key"], name="broadcast_once")]
        indexes = [models.Index(fields=["author", "-sent_at"], name="broadcast_of_class")]
        triggers = [
            pgtrigger.Trigger(
                name="broadcast_is_of_a_class",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("author_id"),
                when=pgtrigger.Before,
                func="""
                IF NOT EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = NEW.author_id AND u.kind = 'class') THEN
                    RAISE EXCEPTION 'broadcast_is_of_a_class' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class BroadcastMessage(models.Model):
    """Link a message to its broadcast.

    It arrives, waits and is withdrawn like any other message.
    """

    message = models.OneToOneField(Message, models.CASCADE, primary_key=True, related_name="in_broadcast")
    broadcast = models.ForeignKey(Broadcast, models.CASCADE, related_name="parts")

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="broadcast_holds_its_writers_own",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                IF NOT EXISTS (
                    SELECT 1 FROM messaging_message m JOIN messaging_broadcast c ON c.author_id = m.author_id
                    WHERE m.id = NEW.message_id AND c.id = NEW.broadcast_id AND m.from_class
                ) THEN
                    RAISE EXCEPTION 'broadcast_holds_its_writers_own' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
