"""Store the files of messages.

They wait, arrive, are hidden and are withdrawn with their message (PA-6, AU-5).
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.clock import SchoolNow
from accounts.models.people import StaffMember, User
from messaging.enums import FileKind
from messaging.models.conversations import Conversation, Message

MOST_FILES = 5
MOST_OF_ALT = 200


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def unsent_of(self, actor: Actor) -> AttachmentQuerySet:
        """Filter what this person has uploaded and not sent.

        At a class account each member of staff has their own.
        """
        return self.filter(message__isnull=True, owner=actor.user, staff=actor.staff)

    def visible_to(self, actor: Actor) -> AttachmentQuerySet:
        """Filter files of visible messages, and one's own unsent ones."""
        conversations = Conversation.objects.visible_to(actor)
        seen = Message.objects.visible_to(actor).filter(
            pk=OuterRef("message"), conversation__in=conversations
        )
        own = Q(message__isnull=True, owner=actor.user, staff=actor.staff)
        return self.filter(own | models.Exists(seen))


class Attachment(models.Model):
    """Store one file, of its owner alone until it has a message.

    With a message it has one of five positions. `name`: of the file on the disk; a broadcast to several
    families shares its files. `title`: of its download. `alt`: what its writer says is on a photo. `size`:
    in bytes on the disk. Nobody opens it before `cleared_at`: a scanner has still to check it.
    """

    message = models.ForeignKey(Message, models.CASCADE, null=True, blank=True, related_name="files")
    position = models.BigIntegerField(null=True, blank=True)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    staff = models.ForeignKey(StaffMember, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.TextField(choices=FileKind)
    name = models.TextField(max_length=32)
    title = models.TextField(_("name of the file"), max_length=100)
    alt = models.TextField(
        _("what the photo shows"), max_length=MOST_OF_ALT, blank=True, default="", db_default=""
    )
    width = models.BigIntegerField(default=0)
    height = models.BigIntegerField(default=0)
    size = models.BigIntegerField()
    uploaded_at = models.DateTimeField(db_default=SchoolNow())
    cleared_at = models.DateTimeField(null=True, blank=True)
    harmful_at = models.DateTimeField(null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["message", "position", "pk"]
        indexes = [
            models.Index(fields=["name"], name="attachment_name"),
            models.Index(fields=["owner", "-uploaded_at"], name="attachment_of_owner"),
            models.Index(
                fields=["uploaded_at"],
                name="attachment_to_scan",
                condition=Q(cleared_at__isnull=True, harmful_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["message", "position"], name="attachment_position_once"),
            models.UniqueConstraint(
                fields=["name"], condition=Q(message__isnull=True), name="attachment_unsent_once"
            ),
            models.CheckConstraint(
                condition=Q(message__isnull=True, position__isnull=True)
                | Q(message__isnull=False, position__gte=1, position__lte=MOST_FILES),
                name="attachment_five_positions",
            ),
            models.CheckConstraint(
                condition=Q(name__regex=r"^[0-9a-f]{32}$"), name="attachment_name_is_ours"
            ),
            models.CheckConstraint(condition=Q(title__regex=r"\S"), name="attachment_has_a_title"),
            models.CheckConstraint(
                condition=Q(alt="") | Q(LessThanOrEqual(Length("alt"), MOST_OF_ALT), kind=FileKind.PHOTO),
                name="attachment_only_a_photo_is_described",
            ),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True) | Q(harmful_at__isnull=True),
                name="attachment_is_not_both",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="attachment_is_its_writers",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("message_id", "owner_id"),
                when=pgtrigger.Before,
                func="""
                IF EXISTS (SELECT 1 FROM accounts_user u WHERE u.id = NEW.owner_id AND u.kind = 'pupil')
                OR (NEW.message_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM messaging_message m
                    WHERE m.id = NEW.message_id AND m.author_id = NEW.owner_id AND m.announced_at IS NULL
                )) THEN
                    RAISE EXCEPTION 'attachment_is_its_writers' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="attachment_stays_with_what_arrived",
                operation=pgtrigger.UpdateOf("message_id", "name", "kind", "title", "alt"),
                when=pgtrigger.Before,
                condition=pgtrigger.Q(old__message__isnull=False),
                func="RAISE EXCEPTION 'attachment_stays_with_what_arrived' USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return self.title
