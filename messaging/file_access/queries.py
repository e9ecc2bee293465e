"""Find a file among those that a person may open (I3, AU-9)."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.urls import reverse

from accounts.actor import Actor
from malpas.lib.hidden import hide
from messaging.conversations.queries.departed import withheld
from messaging.conversations.rules import may_oversee
from messaging.models.attachments import Attachment
from messaging.models.conversations import Conversation, Message
from messaging.models.enquiries import Enquiry
from messaging.office.rules.enquiries import may_work_at_office
from messaging.oversight.queries import ACCESS_LASTS


def _visible_elsewhere(actor: Actor, now: datetime) -> Q:
    """Return the condition for messages that this person sees on other pages.

    An oversight access of the last hour (TE-7), a message rerouted to the office (PA-7), a withheld message
    (F36).
    """
    pages = [withheld(actor, now)]
    if may_oversee(actor):
        oversight_accesses = Q(
            conversation__oversight_accesses__by=actor.staff,
            conversation__oversight_accesses__at__gt=now - ACCESS_LASTS,
        )
        pages.append(Message.objects.arrived_by_rights().filter(oversight_accesses))
    if may_work_at_office(actor):
        enquiries = Enquiry.objects.worked_on_by(actor)
        pages.append(Message.objects.filter(became_enquiry__enquiry__in=enquiries, hidden_at__isnull=True))
    found = Q()
    for page in pages:
        found |= Q(Exists(page.filter(pk=OuterRef("message"))))
    return found


def get_file_for(actor: Actor, name: str, *, now: datetime) -> Attachment:
    """Return a file that this actor may open, or 404 (I3, AU-9).

    A document that no scanner has cleared is opened by nobody (A51).
    """
    files = Attachment.objects.filter(name=name, cleared_at__isnull=False)
    found = files.visible_to(actor).first()
    if found is None:
        found = files.filter(_visible_elsewhere(actor, now)).first()
    if found is None:
        raise Http404
    return found


def way_back(actor: Actor, file: Attachment) -> str:
    """Return the page from which this person opened a file: of its conversation, its enquiry, else their first."""
    if file.message_id is None:
        return reverse("messages")
    conversation = Conversation.objects.visible_to(actor).filter(messages=file.message_id).first()
    if conversation is not None:
        return f"{reverse('conversation', args=[conversation.pk])}#message-{hide(file.message_id)}"
    if may_work_at_office(actor):
        enquiry = Enquiry.objects.worked_on_by(actor).filter(origin__message=file.message_id).first()
        if enquiry is not None:
            return reverse("enquiry", args=[enquiry.pk])
    return reverse("oversight") if may_oversee(actor) else reverse("home")
