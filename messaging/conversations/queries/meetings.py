"""Find agreed meetings and calls (TE-8, PA-8)."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.actor import Actor
from messaging.enums import AGREED
from messaging.models.conversations import Conversation, Message
from messaging.models.proposals import Proposal

# What stands in the place of an agreed time: a cancellation, or times for another one.
ENDED = """
    EXISTS (SELECT 1 FROM messaging_proposal e JOIN messaging_message m ON m.id = e.message_id
        WHERE e.answers_id = o.message_id AND o.kind IN ('choice', 'telephone') AND {seen})
"""


def get_agreed_for(actor: Actor, pk: int) -> Message:
    """Return the message of an agreed meeting or call of either side, or 404."""
    seen = Message.objects.visible_to(actor).filter(conversation__in=Conversation.objects.visible_to(actor))
    agreed = seen.filter(proposal__kind__in=AGREED)
    return get_object_or_404(
        agreed.select_related("proposal", "conversation__pupil__classroom", "conversation__parent"), pk=pk
    )


def is_ended_for(actor: Actor, agreed: Proposal) -> bool:
    """Tell whether an agreed time has ended, as far as this side sees: another's may still wait (I3)."""
    ending = Message.objects.visible_to(actor).filter(proposal__answers=agreed)
    return ending.exists()


def agreed_in(conversation_id: int) -> QuerySet[Proposal]:
    """Return the agreed times of a conversation that nothing has ended."""
    ending = Proposal.objects.filter(answers=OuterRef("pk"))
    return Proposal.objects.filter(
        ~Exists(ending),
        Q(message__withdrawn_at__isnull=True, message__hidden_at__isnull=True),
        message__conversation=conversation_id,
        kind__in=AGREED,
    )


def agreed_meeting(conversation_id: int) -> int | None:
    """Return the id of the last agreed time of a conversation that nothing has ended."""
    agreed = agreed_in(conversation_id)
    return agreed.order_by("-message__release_at", "-pk").values_list("pk", flat=True).first()
