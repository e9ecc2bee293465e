"""Find what a writer has withdrawn and may put back (TE-4, PA-6)."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.http import Http404

from accounts.actor import Actor
from classes.models.guardianships import HasAccess
from classes.models.pupils import pupil_here
from messaging.enums import WithdrawnBecause
from messaging.models.conversations import Message, MessageQuerySet

PUT_BACK_FOR = timedelta(days=1)

# Of a message m: its own side withdrew it lately and has not written here since. What was put back or written anew
# takes the place of the notice. A part of a broadcast is withdrawn and written anew with the others.
TAKEN_BACK = """
    m.withdrawn_because = 'writer' AND m.hidden_at IS NULL AND m.author_id = %(reader)s AND m.withdrawn_at > %(since)s
    AND NOT EXISTS (
        SELECT 1 FROM messaging_message n WHERE n.conversation_id = m.conversation_id AND n.author_id = m.author_id
        AND (n.sent_at, n.id) > (m.withdrawn_at, m.id)
    )
    AND NOT EXISTS (SELECT 1 FROM messaging_broadcastmessage b WHERE b.message_id = m.id)
"""


def key_to_put_back(message: Message) -> UUID:
    """Return the key under which a withdrawn message goes again, once."""
    return uuid5(message.key, "put back")


def withdrawn_of(actor: Actor) -> MessageQuerySet:
    """Return what this side withdrew where it may still write.

    A broadcast's parts are not among them.
    """
    own = Message.objects.filter(
        author=actor.user,
        withdrawn_because=WithdrawnBecause.WRITER,
        hidden_at__isnull=True,
        in_broadcast__isnull=True,
    )
    if actor.is_class:
        of_class = pupil_here("conversation__pupil__")
        own = own.filter(of_class, conversation__pupil__classroom__account=actor.user)
    elif actor.is_personal:
        own = own.filter(HasAccess("conversation__pupil", "conversation__parent"))
    else:
        own = own.none()
    return own.select_related("conversation__pupil__classroom", "conversation__parent")


def find_taken_back(actor: Actor, pk: int | None) -> Message | None:
    return withdrawn_of(actor).filter(pk=pk).first() if pk else None


def find_words_back(actor: Actor, pk: int | None) -> Message | None:
    """Return a withdrawn message whose text begins the next one: nothing was written there since."""
    found = find_taken_back(actor, pk)
    if found is None or found.withdrawn_at is None:
        return None
    since_then = Message.objects.filter(conversation=found.conversation_id, author=actor.user)
    since_then = since_then.filter(sent_at__gte=found.withdrawn_at).exclude(pk__lte=found.pk)
    return None if since_then.exists() else found


def get_taken_back_for(actor: Actor, pk: int) -> Message:
    """Return a message that this side has withdrawn, or 404."""
    found = find_taken_back(actor, pk)
    if found is None:
        raise Http404
    return found


def since(now: datetime) -> datetime:
    """Return the moment after which a message must have been withdrawn to be put back."""
    return now - PUT_BACK_FOR
