"""The door to a photo or a document of a message."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.http import Http404

from accounts.actor import Actor
from messaging.models import Attachment, Enquiry, Message
from messaging.queries.enclosed import SHOWN
from messaging.queries.leavers import held_back
from messaging.queries.oversight import LOOK_LASTS
from messaging.rules import may_look, may_work_at_office


def own_files(actor: Actor, names: Collection[str], message: Message | None = None) -> list[Attachment]:
    """Those of `names` that this person has added and not sent, and those of their own message that waits."""
    mine = Q(message__isnull=True, owner=actor.user, staff=actor.staff)
    if message is not None:
        mine |= Q(message=message)
    return list(Attachment.objects.filter(mine, name__in=names).order_by("place", "pk"))


def _shown_elsewhere(actor: Actor, now: datetime) -> Q:
    """Messages whose files this person sees on another page than the conversation's.

    A leader's look of the last hour (TE-7); what a class passed on to the office (PA-7); what a leaver left (F36).
    """
    pages = [held_back(actor, now)]
    if may_look(actor):
        looks = Q(conversation__looks__by=actor.staff, conversation__looks__at__gt=now - LOOK_LASTS)
        pages.append(Message.objects.arrived_by_rights().filter(looks))
    if may_work_at_office(actor):
        enquiries = Enquiry.objects.worked_on_by(actor)
        pages.append(Message.objects.filter(became_enquiry__enquiry__in=enquiries, hidden_at__isnull=True))
    found = Q()
    for page in pages:
        found |= Q(Exists(page.filter(pk=OuterRef("message"))))
    return found


def get_file_for(actor: Actor, name: str, *, now: datetime) -> Attachment:
    """The file with a message that this actor may see, or one they have just added; 404 otherwise (I3, AU-9).

    A document that no scanner has cleared is nobody's (A51).
    """
    files = Attachment.objects.filter(name=name, cleared_at__isnull=False)
    found = files.visible_to(actor).first()
    if found is None:
        found = files.filter(_shown_elsewhere(actor, now)).first()
    if found is None:
        raise Http404
    return found


def files_passed_on(enquiry: Enquiry) -> list[dict]:
    """What came with the message that a class passed on, as `with_files` shows it (PA-7)."""
    files = Attachment.objects.filter(
        message__became_enquiry__enquiry=enquiry, message__hidden_at__isnull=True
    )
    return list(files.order_by("place").values(*SHOWN))


def documents_held() -> tuple[int, datetime | None]:
    """How many documents wait for a scanner's word, each once however many families it went to, and since when the
    first (None: none does) (A51)."""
    held = Attachment.objects.filter(cleared_at__isnull=True, harmful_at__isnull=True)
    found = held.aggregate(number=Count("name", distinct=True), since=Min("added_at"))
    return found["number"], found["since"]
