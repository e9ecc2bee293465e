"""Take posted files, and build what the page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.contrib import messages
from django.forms import Form
from django.utils.translation import gettext as _

from accounts.drafts.saved_forms import restored_values
from accounts.http import PortalRequest
from messaging.attachments.forms import AttachmentsForm
from messaging.attachments.queries import own_files
from messaging.attachments.services import store_attachments
from messaging.models.attachments import MOST_FILES, Attachment
from messaging.models.conversations import Message

F = TypeVar("F", bound=Form)


@dataclass(frozen=True)
class PostedAttachments:
    """Hold what a POST keeps with its message.

    `names`: of files to send along. `described`: descriptions of photos, by name. `refused`: a sentence for each file
    that was not stored.
    """

    form: AttachmentsForm
    names: list[str] = field(default_factory=list)
    described: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PageAttachments:
    """Hold the files on a page where a message is written.

    `names`: of files to send along. `refused`: a sentence for each file that was not stored. `described`:
    descriptions of photos, by name.
    """

    form: AttachmentsForm
    names: list[str] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    described: dict[str, str] = field(default_factory=dict)

    @property
    def full(self) -> bool:
        return len(self.files) >= MOST_FILES

    def add_errors_to(self, form: Form) -> None:
        """Put the refusals on the message's form.

        Nothing is sent without the files meant to go along.
        """
        if form.is_bound and form.errors is not None:
            for sentence in self.refused:
                form.add_error(None, sentence)


def store_posted(request: PortalRequest) -> PostedAttachments | None:
    """Store the files and descriptions that a POST brings.

    For the view; None for any other method.
    """
    if request.method != "POST":
        return None
    form = AttachmentsForm(request.POST, request.FILES)
    if not form.is_valid():
        refused = [str(error) for errors in form.errors.values() for error in errors]
        return PostedAttachments(form, refused=refused)
    earlier, described = form.cleaned_data["stored"], form.cleaned_data["described"]
    names, refused = store_attachments(
        form.cleaned_data["added"] or [],
        room=MOST_FILES - len(earlier),
        described=described,
        by=request.actor,
        at=request.school.now,
    )
    return PostedAttachments(form, [*earlier, *names], described, refused)


def page_attachments(
    request: PortalRequest,
    posted: PostedAttachments | None,
    message: Message | None = None,
    *,
    begun: Sequence[str] = (),
) -> PageAttachments:
    """Return the files that the page shows.

    The posted ones, else those of a restored form or of `message`. `message`: the pending message that the
    page changes, if any. `begun`: names of unsent files with which a new message begins. Writes nothing.
    """
    if posted is not None:
        files = own_files(request.actor, posted.names, message) if posted.names else []
        _describe(files, posted.described)
        return PageAttachments(posted.form, posted.names, files, posted.refused, posted.described)
    saved = restored_values(request) or {}
    earlier = saved.get("stored", [])
    names = [earlier] if isinstance(earlier, str) else list(earlier)
    if message is not None and not names:
        names = [file.name for file in message.files.all()]
    names = names or list(begun)
    files = own_files(request.actor, names, message) if names else []
    _describe(files, {name: str(saved[f"alt_{name}"]) for name in names if f"alt_{name}" in saved})
    return PageAttachments(AttachmentsForm(), [file.name for file in files], files)


def _describe(files: Sequence[Attachment], described: Mapping[str, str]) -> None:
    """Set the typed descriptions on the instances for display, saved or not."""
    for file in files:
        file.alt = described.get(file.name, file.alt)


def message_form(request: PortalRequest, kind: type[F], begun: dict | None = None, **facts) -> F:
    """Return the message's form, bound as sent.

    Unbound with what was typed where files were only added.
    """
    if request.method != "POST":
        return kind(initial=begun, **facts)
    sent = kind(request.POST, initial=begun, **facts)
    if "add" not in request.POST:
        return sent
    return kind(initial={field.name: field.value() for field in sent}, **facts)


def say_files_stay(request: PortalRequest) -> None:
    """Warn that the files of a message stay behind.

    The next page takes its text alone.
    """
    if request.POST.get("stored") or request.FILES:
        messages.warning(
            request, _("Your words came along. Photos and documents go with messages to the class only.")
        )
