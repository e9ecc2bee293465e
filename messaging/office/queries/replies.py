"""Find the office's standard replies, for those who keep them (PA-7)."""

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.actor import Actor
from messaging.models.screening import StandardReply
from messaging.office.rules.replies import may_keep_replies


def replies_to_keep(actor: Actor) -> QuerySet[StandardReply]:
    """Return the office's replies, retired ones too.

    404 for all but office and leaders.
    """
    if not may_keep_replies(actor):
        raise Http404
    return StandardReply.objects.filter(for_office=True)


def get_reply_to_keep(actor: Actor, pk: int) -> StandardReply:
    """Find one of the office's replies, or 404.

    Also for a reply of the classes.
    """
    return get_object_or_404(replies_to_keep(actor), pk=pk)
