"""Answer with letters.

Drawn at once where they are few, by a worker where they are many (PA-1).
"""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify

from accounts.http import portal_request
from accounts.notify.nudge import nudge
from classes.forms import BoxesForm, ContactsForm, EndsForm, LettersKeyForm
from classes.joining.views import pdf_answer
from classes.letter_files.sets import draw_letters, request_letters
from classes.models.guardianships import Guardianship
from classes.models.letters import LetterSet
from classes.tasks import make_letters

MOST_AT_ONCE = 60  # letters drawn in the request, in about two seconds: thirty children with two adults each
NOT_IN_KEY = {
    "csrfmiddlewaretoken",
    "key",
    "ends",
    "number",
    "contacts",
    "boxes",
}  # not part of the request's content


def letters_answer(
    request: HttpRequest, guardianships: Sequence[Guardianship], name: str, *, by_hand: bool = False
) -> HttpResponse | None:
    """Return the letters of new codes, or their waiting page.

    None when there is nobody. Raises EndsOthers with the number of codes that end by it, and AsksFirst with the
    contacts only among them, where nobody has confirmed it, and HasBoxes with names that cannot be printed.
    """
    if not guardianships:
        return None
    facts: dict[str, Any] = {
        "guardianships": guardianships,
        "by": portal_request(request).actor,
        "key": key_of(request),
        "name": name,
        "by_hand": by_hand,
        "ends": EndsForm(request.POST).confirmed(),
        "contacts": ContactsForm(request.POST).confirmed(),
        "boxes": BoxesForm(request.POST).confirmed(),
    }
    if len(guardianships) > MOST_AT_ONCE:
        row = request_letters(**facts)
        transaction.on_commit(lambda: nudge(make_letters))
        return redirect("letters_set", row.key)
    school = portal_request(request).school
    return pdf_answer(draw_letters(**facts, school=school, at=school.now), file_name(name))


def key_of(request: HttpRequest) -> UUID:
    """Return the idempotency key of this form's content.

    The same form sent again has the same key, another form another.
    """
    form = LettersKeyForm(request.POST)
    key = (form.is_valid() and form.cleaned_data["key"]) or uuid4()
    content = {name: request.POST.getlist(name) for name in request.POST if name not in NOT_IN_KEY}
    return uuid5(key, json.dumps([request.path, content], sort_keys=True))


def letters_of_key(request: HttpRequest) -> HttpResponse | None:
    """Return the answer that the same form had before, or None."""
    found = LetterSet.objects.of(portal_request(request).actor.user).filter(key=key_of(request)).first()
    return redirect("letters_set", found.key) if found else None


def file_name(name: str) -> str:
    return f"letters-{slugify(name) or 'all'}"
