"""Show and download letters that were requested, for the requester alone (PA-1)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actor import Actor
from accounts.gates import Opens, access
from accounts.http import PortalRequest
from classes.enums import LetterSetState
from classes.letter_files.encryption import NotSealedHere
from classes.letter_files.sets import open_letters, pieces_of
from classes.letters.drawing import file_name
from classes.letters.queries import state_now
from classes.models.letters import LetterSet
from classes.rules import may_run_joining
from malpas.lib.htmx import refresh_when_gone


def get_letter_set_for(actor: Actor, key: UUID) -> LetterSet:
    """Return the set that this actor requested, without its file. Raises Http404."""
    if not may_run_joining(actor):
        raise Http404
    return get_object_or_404(LetterSet.objects.of(actor.user), key=key)


@access(Opens.UNATTENDED)
@require_safe
@refresh_when_gone
def letters_set(request: PortalRequest, key: UUID) -> HttpResponse:
    """Show the state of the letters.

    An open page polls until they are made.
    """
    row = get_letter_set_for(request.actor, key)
    state = state_now(row, request.school.now)
    context = {"set": row, "state": state, "number": len(row.guardianships)}
    if request.htmx and state == LetterSetState.REQUESTED:
        return HttpResponse(status=204)  # nothing new: a screen reader must announce nothing again
    if request.htmx:
        return render(request, "classes/letters/_set.html", context)
    return render(request, "classes/letters/set.html", context)


@access()
@require_POST
def letters_file(request: PortalRequest, key: UUID) -> HttpResponseBase:
    """Return the file once.

    By POST, so that no link prefetch takes it away.
    """
    row = get_letter_set_for(request.actor, key)
    try:
        file = open_letters(letter_set=row, by=request.actor)
    except NotSealedHere:
        file = None
        messages.error(request, _("The file could not be read. Please print the letters again."))
    if file is None:
        return redirect("letters_set", row.key)
    answer = StreamingHttpResponse(
        pieces_of(file, letter_set=row, by=request.actor), content_type="application/pdf"
    )
    answer["Content-Length"] = str(len(file))
    answer["Content-Disposition"] = f'attachment; filename="{file_name(row.name)}.pdf"'
    return answer
