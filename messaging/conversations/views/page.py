"""Build the page of a conversation, for every view that shows it."""

from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.calendar.hours import school_hours
from accounts.http import PortalRequest
from accounts.models.people import User
from classes.models.pupils import Pupil
from classes.queries import is_read
from malpas.lib.dates import day_words
from messaging.attachments.page import PageAttachments
from messaging.conversations.forms.messages import ConversationQueryForm, DoneForm, MessageForm
from messaging.conversations.queries.access import get_message_for
from messaging.conversations.queries.messages import MessageView, conversation_messages
from messaging.enums import AGREED
from messaging.models.conversations import Conversation, Message
from messaging.models.proposals import WITH_TIMES
from messaging.screening.school_lists import standard_replies


@dataclass(frozen=True)
class ConversationPage:
    """Hold the state of the page.

    `open_proposal`: the id of the message whose times this side may still answer. `has_open_meeting`: a
    call or meeting can be noted as held. `newest`: the id of the first new message, else of the last: the
    page opens there. `mark`: a digest of all that an open page depends on.
    """

    messages: list[MessageView] = field(default_factory=list)
    more: bool = False
    older: bool = False
    unread: bool = False
    open_proposal: int | None = None
    has_open_meeting: bool = False
    seen: int = 0
    done: bool = False
    newest: int = 0
    mark: str = ""

    @property
    def wrote(self) -> bool:
        """Tell whether this side has written here: then it knows how the hours work."""
        return any(view.mine for view in self.messages)

    @property
    def oldest(self) -> int:
        """Return the id of the first message that still stands here; 0: none."""
        return next((view.message.pk for view in self.messages if not view.withdrawn), 0)

    @property
    def days(self) -> list[tuple[str, list[MessageView]]]:
        """Group the messages by day, under its name."""
        return [(day_words(day), list(of_day)) for day, of_day in groupby(self.messages, attrgetter("day"))]


def conversation_query(request: PortalRequest) -> dict[str, Any]:
    form = ConversationQueryForm(request.GET)
    if not form.is_valid():
        raise Http404
    return form.cleaned_data


def newest(pk: int) -> str:
    """Return a conversation's URL, scrolled to its newest message."""
    return f"{reverse('conversation', args=[pk])}#newest"


def seen_of(request: PortalRequest) -> int:
    """Return the other side's last message on the posted page; 0: none."""
    form = DoneForm(request.POST)
    return form.cleaned_data["seen"] if form.is_valid() else 0


def _mark(views: list[MessageView], request: PortalRequest) -> str:
    rows = [
        (
            one.message.pk,
            one.message.body,
            one.message.attachments,
            one.waiting,
            one.arrives,
            one.read_at,
            one.rerouted,
            one.withdrawn,
            one.ended,
        )
        for one in views
    ]
    school = request.school
    state = (rows, school_hours(school).banner(school.now), school.messaging_suspended_at)
    return sha256(repr(state).encode()).hexdigest()[:16]


def get_conversation_page(request: PortalRequest, found: Conversation | None) -> ConversationPage:
    if found is None:
        return ConversationPage()
    actor, before = request.actor, conversation_query(request)["before"]
    older_than = get_message_for(actor, before) if before else None
    views, more = conversation_messages(found, actor, now=request.school.now, before=older_than)
    theirs = [one for one in views if not one.mine]
    last, new = theirs[-1].message if theirs else None, [one for one in theirs if not one.message.read_at]
    said = [one for one in views if not one.withdrawn]
    proposal = next((one for one in reversed(said) if one.proposal), None) if older_than is None else None
    kind = proposal.proposal.kind if proposal and proposal.proposal else ""
    return ConversationPage(
        views,
        more,
        older=older_than is not None,
        unread=bool(new),
        open_proposal=proposal.message.pk if proposal and not proposal.mine and kind in WITH_TIMES else None,
        has_open_meeting=actor.is_class and kind in AGREED,
        seen=last.pk if last else 0,
        done=bool(found.done_at and (last is None or last.release_at <= found.done_at)),
        newest=(new or views[-1:])[0].message.pk if views else 0,
        mark=_mark(views, request),
    )


def _live(request: PortalRequest, form: MessageForm, *, nobody_reads: bool) -> str:
    """Return the kind of form for ConversationQueryForm; '' while nobody can write."""
    if request.school.messaging_suspended_at or nobody_reads:
        return ""
    return "confirm" if form.confirm_kind else "form"


def render_conversation(
    request: PortalRequest,
    pupil: Pupil,
    parent: User,
    found: Conversation | None,
    form: MessageForm,
    attachments: PageAttachments,
    taken_back: Message | None = None,
) -> HttpResponse:
    """Render the page. `taken_back`: the withdrawn message whose text is in the field."""
    actor, page = request.actor, get_conversation_page(request, found)
    nobody_reads = not actor.is_class and not is_read(pupil.classroom)
    context = {
        "nobody_reads": nobody_reads,
        "pupil": pupil,
        "parent": parent,
        "conversation": found,
        "form": form,
        "attachments": attachments,
        "taken_back": None if found else taken_back,  # where nothing is to be seen, its notice stands alone
        "confirm_kind": form.confirm_kind,
        "office_topic": form.office_topic,
        "page": page,
        "opens_at": page.newest,
        "replies": standard_replies(request.school) if actor.is_class else (),
        "live": _live(request, form, nobody_reads=nobody_reads),
        "new_key": uuid4,  # called by the template: each button has its own key
    }
    return render(request, "messaging/conversations/conversation.html", context, status=form.status)
