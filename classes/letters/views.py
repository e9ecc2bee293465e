"""Let office and leaders see who has joined, and make letters with codes (PA-1, PA-2)."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.actor import Actor
from accounts.gates import access
from accounts.http import PortalRequest
from classes.forms import EndsForm, StateFilterForm
from classes.joining.invitations import AsksFirst, withdraw_chosen
from classes.joining.queries import (
    class_states,
    filter_states,
    guardianships_to_invite,
    ready_and_waiting,
    skipped_adults,
    waiting_counts,
)
from classes.joining.rules import what_records_say
from classes.joining.waiting import guardianships_waiting
from classes.letter_files.names import Boxes, HasBoxes, letters_with_boxes
from classes.letters.drawing import letters_answer, letters_of_key
from classes.letters.forms import MakeForm, RoomForm
from classes.letters.queries import class_letters, count_open_codes, newest_sets, not_joined_rows
from classes.models.classrooms import Classroom
from classes.models.guardianships import Guardianship
from classes.rules import EndsOthers, may_run_joining
from malpas.lib.csv_lines import csv_lines
from malpas.lib.errors import RuleViolation
from malpas.lib.posted import posted_from


def _check(actor: Actor) -> None:
    if not may_run_joining(actor):
        raise Http404


@access()
@require_safe
def letters(request: PortalRequest) -> HttpResponse:
    """Show by class who has not joined or has no letter, and the letters made last."""
    _check(request.actor)
    context = {
        "rows": class_letters(),
        "waiting": waiting_counts(None),
        "for_leaders": guardianships_waiting().count(),
        "sets": newest_sets(request.user, request.school.now),
        "key": uuid4(),
    }
    return render(request, "classes/letters/letters.html", context)


@access()
@require_safe
def letters_class(request: PortalRequest, pk: int) -> HttpResponse:
    """Show each adult of a class, to make letters for all or for some."""
    _check(request.actor)
    room = get_object_or_404(Classroom, pk=pk)
    state = StateFilterForm(request.GET).read()
    context = {
        "room": room,
        "rows": filter_states(class_states(room, request.school.now), state),
        "state": state,
        "states": StateFilterForm.STATE_FILTERS,
        "waiting": waiting_counts(room),
        "skipped": skipped_adults(room),
        "boxes": letters_with_boxes(
            guardianships_to_invite(room).select_related("contact", "pupil__classroom")
        ),
        "key": uuid4(),
    }
    return render(request, "classes/letters/classroom.html", context)


@access()
@require_safe
def letters_csv(request: PortalRequest) -> StreamingHttpResponse:
    """Download who has not joined, of a class or of the school."""
    _check(request.actor)
    room, now = RoomForm(request.GET).read(), request.school.now
    answer = StreamingHttpResponse(
        csv_lines(not_joined_rows(room, now)), content_type="text/csv; charset=utf-8"
    )
    whose = slugify(room.name) if room else "school"
    name = f"not-joined-{whose or 'class'}-{localdate(now).isoformat()}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@access()
@posted_from("letters")
def letters_make(request: PortalRequest) -> HttpResponse:
    """Make letters, or withdraw codes.

    Asks with the number before any letter ends.
    """
    _check(request.actor)
    form = MakeForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Please check the list again: something on it has changed."))
        return redirect("letters")
    if found := letters_of_key(request):  # a repeated form gets the same answer
        return found
    said = form.cleaned_data
    room: Classroom | None = said["room"]
    if room:
        said["guardianship"] = said["guardianship"].filter(pupil__classroom=room)
    if said["which"] in (MakeForm.CHOSEN, MakeForm.WITHDRAW) and not said["guardianship"]:
        messages.warning(request, _("Please tick somebody first."))
        return _back(room)
    try:
        if said["which"] == MakeForm.WITHDRAW:
            return _withdraw(request, said["guardianship"], room)
        if said["which"] == MakeForm.CHOSEN:
            return _chosen(request, said["guardianship"], room)
        return _all(request, room, missing=said["which"] == MakeForm.MISSING, number=said["number"])
    except RuleViolation as violation:
        return _ask_or_refuse(request, room, violation)


def _ask_or_refuse(request: PortalRequest, room: Classroom | None, violation: RuleViolation) -> HttpResponse:
    if isinstance(violation, EndsOthers):
        return _confirm(request, room, ends=violation.number)
    if isinstance(violation, AsksFirst):
        return _ask_about_contacts(request, room, violation.adults)
    if isinstance(violation, HasBoxes):
        return _ask_about_boxes(request, room, violation.letters)
    messages.error(request, violation.sentence)
    return _back(room)


def _back(room: Classroom | None) -> HttpResponse:
    return redirect("letters_class", room.pk) if room else redirect("letters")


def _all(
    request: PortalRequest, room: Classroom | None, *, missing: bool, number: int | None
) -> HttpResponse:
    """Make letters for everybody, or for those without one.

    Of the whole school after a question.
    """
    found = list(guardianships_to_invite(room, without_code=missing))
    if not found:
        messages.info(request, _("Everybody has joined, has a code, or waits for your decision."))
        return _back(room)
    if room is None and number != len(found):
        return _confirm(request, room, ends=count_open_codes(found), found=found)
    return letters_answer(request, found, room.name if room else "school") or _back(room)


def _chosen(request: PortalRequest, chosen: Any, room: Classroom | None) -> HttpResponse:
    """Make letters for adults chosen by hand.

    Who waits for a leader is left out and named.
    """
    ready, skipped = ready_and_waiting(chosen)
    for one in skipped:
        said = _("No code for %(adult)s (%(child)s): %(why)s")
        adult = {"adult": one.guardianship.contact, "child": one.guardianship.pupil}
        messages.warning(request, said % {**adult, "why": one.why})
    name = room.name if room else "chosen"
    return letters_answer(request, ready, name, by_hand=True) or _back(room)


def _withdraw(request: PortalRequest, chosen: Any, room: Classroom | None) -> HttpResponse:
    ends = EndsForm(request.POST).confirmed()
    count = withdraw_chosen(guardianships=chosen, by=request.actor, at=request.school.now, ends=ends)
    said = ngettext("%(count)s code was withdrawn.", "%(count)s codes were withdrawn.", count)
    messages.success(request, said % {"count": count})
    return _back(room)


def _ask_about_contacts(
    request: PortalRequest, room: Classroom | None, adults: Sequence[Guardianship]
) -> HttpResponse:
    """Ask before contacts only get a letter (PA-2)."""
    context = {
        "contacts": [(one, what_records_say(one)) for one in adults],
        "sent": [*_sent(request, {"contacts"}), ("contacts", str(len(adults)))],
        "again": "contacts" in request.POST,
        "room": room,
    }
    return render(request, "classes/letters/contacts.html", context, status=409 if context["again"] else 200)


def _ask_about_boxes(
    request: PortalRequest, room: Classroom | None, letters: Sequence[Boxes]
) -> HttpResponse:
    """Ask before letters show boxes in names (PA-1)."""
    context = {
        "boxes": letters,
        "sent": [*_sent(request, {"boxes"}), ("boxes", str(len(letters)))],
        "again": "boxes" in request.POST,
        "room": room,
    }
    return render(request, "classes/letters/boxes.html", context, status=409 if context["again"] else 200)


def _sent(request: PortalRequest, but: Collection[str]) -> list[tuple[str, str]]:
    """Return what the form sent, to send it again."""
    left_out = {"csrfmiddlewaretoken", *but}
    lists = [(name, values) for name, values in request.POST.lists() if name not in left_out]
    return [(name, str(value)) for name, values in lists for value in values]


def _confirm(
    request: PortalRequest, room: Classroom | None, *, ends: int, found: Sequence[Guardianship] = ()
) -> HttpResponse:
    """Ask before codes end, or letters of the whole school are made.

    The button sends the numbers shown.
    """
    asked = {"ends": str(ends), **({"number": str(len(found))} if found else {})}
    context = {
        "ends": ends,
        "number": len(found),
        "children": len({one.pupil_id for one in found}),
        "sent": [*_sent(request, asked), *asked.items()],
        "withdraws": request.POST.get("which") == MakeForm.WITHDRAW,
        "again": "ends" in request.POST,
        "room": room,
    }
    return render(request, "classes/letters/confirm.html", context, status=409 if context["again"] else 200)
