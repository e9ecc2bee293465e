"""What a page needs to show the photos and documents of its messages."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from messaging.models import Attachment
from messaging.models.conversations import MessageQuerySet

SHOWN = ("name", "kind", "title", "alt", "width", "height", "size", "cleared_at", "harmful_at")


def with_files(messages: MessageQuerySet) -> MessageQuerySet:
    """Each with `enclosed`: its files in order, as dictionaries of SHOWN. No further query."""
    files = Attachment.objects.filter(message=OuterRef("pk")).order_by("place")
    return messages.annotate(
        enclosed=ArraySubquery(files.values(file=JSONObject(**{name: name for name in SHOWN})))
    )
