"""Find the files of messages."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Min, OuterRef, Q
from django.db.models.functions import JSONObject

from accounts.actor import Actor
from messaging.models.attachments import Attachment
from messaging.models.conversations import Message, MessageQuerySet
from messaging.models.enquiries import Enquiry


def own_files(actor: Actor, names: Collection[str], message: Message | None = None) -> list[Attachment]:
    """Return this person's unsent files among `names`, and those of `message`.

    `message`: their own pending one.
    """
    mine = Q(message__isnull=True, owner=actor.user, staff=actor.staff)
    if message is not None:
        mine |= Q(message=message)
    return list(Attachment.objects.filter(mine, name__in=names).order_by("position", "pk"))


def rerouted_files(enquiry: Enquiry) -> list[dict]:
    """Return the files of the rerouted message, as `with_files` does (PA-7)."""
    files = Attachment.objects.filter(
        message__became_enquiry__enquiry=enquiry, message__hidden_at__isnull=True
    )
    return list(files.order_by("position").values(*FILE_FIELDS))


def documents_awaiting_scan() -> tuple[int, datetime | None]:
    """Count documents without a scanner's verdict, and date the oldest (A51).

    Each is counted once, however many families it went to; None where none waits.
    """
    unscanned = Attachment.objects.filter(cleared_at__isnull=True, harmful_at__isnull=True)
    found = unscanned.aggregate(number=Count("name", distinct=True), since=Min("uploaded_at"))
    return found["number"], found["since"]


FILE_FIELDS = ("name", "kind", "title", "alt", "width", "height", "size", "cleared_at", "harmful_at")


# What `with_files` annotates, for statements written by hand: of a message m, each file as JSON text.
FILES = f"""
    ARRAY(SELECT jsonb_build_object({", ".join(f"'{name}', f.{name}" for name in FILE_FIELDS)})
          FROM messaging_attachment f WHERE f.message_id = m.id ORDER BY f.position)
"""


def with_files(messages: MessageQuerySet) -> MessageQuerySet:
    """Annotate `attachments`: a message's files in order, as dictionaries of FILE_FIELDS.

    No further query.
    """
    files = Attachment.objects.filter(message=OuterRef("pk")).order_by("position")
    return messages.annotate(  # type: ignore[no-redef]  # declared at the model
        attachments=ArraySubquery(files.values(file=JSONObject(**{name: name for name in FILE_FIELDS})))
    )
