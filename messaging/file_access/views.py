"""Receive and serve the files of messages."""

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts.gates import Opens, access
from accounts.http import PortalRequest
from malpas.lib.uploads.documents import files as document_files
from malpas.lib.uploads.photos import files as photo_files
from malpas.lib.uploads.photos.processing import SIZES
from malpas.lib.uploads.serving import document_answer, photo_answer
from messaging.attachments.forms import AttachmentsForm
from messaging.attachments.page import page_attachments, store_posted
from messaging.conversations.queries.access import get_message_for
from messaging.conversations.rules import may_change
from messaging.enums import FileKind
from messaging.file_access.queries import get_file_for, way_back
from messaging.models.attachments import Attachment
from messaging.models.conversations import Message
from messaging.office.queries.enquiries import children_to_write_about


def _changed(request: PortalRequest) -> Message | None:
    """Return the pending message that the page changes, if any."""
    form = AttachmentsForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["message"]:
        return None
    message = get_message_for(request.actor, form.cleaned_data["message"])
    if not may_change(message, request.actor):
        raise PermissionDenied
    return message


@access(Opens.FOR_FAMILIES)
@require_POST
def file_add(request: PortalRequest) -> HttpResponse:
    """Store the chosen files while the message is written; render their list."""
    if not request.actor.is_class:
        children_to_write_about(request.actor)
    message = _changed(request)
    attachments = page_attachments(request, store_posted(request), message)
    return render(
        request,
        "messaging/attachments/_attach.html",
        {"attachments": attachments, "message": message},
        status=422 if attachments.refused else 200,
    )


@access()
@require_safe
def message_file(request: PortalRequest, name: str, size: str = "") -> FileResponse:
    # Access is checked on every request: a URL that is forwarded, stored or guessed opens nothing (AU-9).
    return file_answer(get_file_for(request.actor, name, now=request.school.now), size)


@access()
@require_safe
def message_photo(request: PortalRequest, name: str) -> HttpResponse:
    """Show a photo in a page with a way back; who may open the photo may open its page."""
    file = get_file_for(request.actor, name, now=request.school.now)
    if file.kind != FileKind.PHOTO:
        raise Http404
    back = way_back(request.actor, file)
    return render(request, "messaging/attachments/photo.html", {"file": file, "back": back})


def file_answer(file: Attachment, size: str = "") -> FileResponse:
    if file.kind == FileKind.PHOTO:
        return photo_answer(photo_files.path_of(file.name, SIZES[1] if size else SIZES[0]))
    if size:
        raise Http404
    return document_answer(document_files.path_of(file.name), file.title)
