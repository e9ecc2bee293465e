"""Show and download letters that a worker makes, for the requester alone.

Policy: PA-1.
"""

from uuid import UUID

from django.contrib import messages
from django.contrib.admin import site
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actor import Actor, actor_of
from accounts.http import portal_request
from classes.admin.base import file_name, key_of
from classes.enums import LetterSetState
from classes.joining.letter_encryption import NotSealedHere
from classes.joining.letter_sets import open_letters, pieces_of
from classes.models.letters import READABLE_FOR, LetterSet
from classes.rules import may_run_joining
from malpas.lib.htmx import refresh_when_gone

PAGE = "admin:classes_classroom_letter_set"


def get_letter_set_for(actor: Actor | None, key: UUID) -> LetterSet:
    """Return the set that this actor requested, without its file. Raises Http404."""
    if actor is None or not may_run_joining(actor):
        raise Http404
    return get_object_or_404(LetterSet.objects.of(actor.user), key=key)


def letters_of_key(request: HttpRequest) -> HttpResponse | None:
    """Return the answer that the same form had before, or None."""
    found = LetterSet.objects.of(portal_request(request).actor.user).filter(key=key_of(request)).first()
    return redirect(PAGE, found.key) if found else None


@require_safe
@refresh_when_gone
def show_letters(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show the state of the letters.

    An open page polls until they are made.
    """
    row = get_letter_set_for(actor_of(request), key)
    over = (
        row.state == LetterSetState.READY
        and row.ready_at is not None
        and row.ready_at <= portal_request(request).school.now - READABLE_FOR
    )
    state = LetterSetState.EXPIRED if over else row.state
    context = {"set": row, "state": state, "number": len(row.guardianships)}
    if portal_request(request).htmx and state == LetterSetState.REQUESTED:
        return HttpResponse(status=204)  # nothing new: a screen reader must announce nothing again
    if portal_request(request).htmx:
        return render(request, "admin/classes/_letter_set.html", context)
    context |= {"title": _("Letters"), **site.each_context(request)}
    return render(request, "admin/classes/letter_set.html", context)


@require_POST
def download_letters(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Return the file once.

    By POST, so that no link prefetch takes it away.
    """
    actor = portal_request(request).actor
    row = get_letter_set_for(actor, key)
    try:
        file = open_letters(letter_set=row, by=actor)
    except NotSealedHere:
        file = None
        messages.error(request, _("The file could not be read. Please print the letters anew."))
    if file is None:
        return redirect(PAGE, row.key)
    pieces = pieces_of(file, letter_set=row, by=actor)
    answer = StreamingHttpResponse(pieces, content_type="application/pdf")
    answer["Content-Length"] = str(len(file))
    answer["Content-Disposition"] = f'attachment; filename="{file_name(row.name)}.pdf"'
    return answer
