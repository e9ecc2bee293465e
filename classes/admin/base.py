"""Share what the admin pages of the school's records need.

Every write is recorded; letters are drawn or nothing is done.
"""

import json
from collections.abc import Sequence
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify

from accounts.admin.base import OFFICE, SLT, RoleAdmin
from accounts.http import portal_request
from accounts.tasks import nudge
from classes.forms import EndsForm, LettersKeyForm
from classes.joining.invitations import invite_guardianships
from classes.joining.letter_sets import request_letters
from classes.joining.letters import letters_pdf
from classes.joining.views import pdf_answer
from classes.models.guardianships import Guardianship
from classes.tasks import make_letters

MOST_AT_ONCE = 60  # letters drawn in the request, in about two seconds: thirty children with two adults each
NOT_IN_KEY = {"csrfmiddlewaretoken", "key", "ends"}  # form fields that are not part of the request's content


class JoiningAdmin(RoleAdmin):
    """Save only what was changed on the page: somebody may join meanwhile."""

    view_for = change_for = {SLT, OFFICE}
    add_for = set()


def letters_answer(
    request: HttpRequest, guardianships: Sequence[Guardianship], name: str, *, by_hand: bool = False
) -> HttpResponse | None:
    """Return the letters of new codes, or their waiting page.

    None when there is nobody. Raises EndsOthers with the number of codes that end by it, where nobody has confirmed
    it.
    """
    if not guardianships:
        return None
    if len(guardianships) > MOST_AT_ONCE:
        return request_from_worker(request, guardianships, name, by_hand=by_hand)
    return _drawn_now(request, guardianships, name, by_hand=by_hand)


def request_from_worker(
    request: HttpRequest, guardianships: Sequence[Guardianship], name: str, *, by_hand: bool
) -> HttpResponse:
    """Store the request for letters, and redirect to its page.

    A worker is nudged.
    """
    row = request_letters(
        guardianships=guardianships,
        by=portal_request(request).actor,
        key=key_of(request),
        name=name,
        by_hand=by_hand,
        ends=EndsForm(request.POST).confirmed(),
    )
    transaction.on_commit(lambda: nudge(make_letters))
    return redirect("admin:classes_classroom_letter_set", row.key)


def key_of(request: HttpRequest) -> UUID:
    """Return the idempotency key of this form's content.

    The same form sent again has the same key, another form another.
    """
    form = LettersKeyForm(request.POST)
    key = (form.is_valid() and form.cleaned_data["key"]) or uuid4()
    content = {name: request.POST.getlist(name) for name in request.POST if name not in NOT_IN_KEY}
    return uuid5(key, json.dumps([request.path, content], sort_keys=True))


@transaction.atomic
def _drawn_now(
    request: HttpRequest, guardianships: Sequence[Guardianship], name: str, *, by_hand: bool
) -> HttpResponse:
    """Draw few letters in the request.

    No old code ends unless its letter is drawn.
    """
    issued = invite_guardianships(
        guardianships=guardianships,
        by=portal_request(request).actor,
        at=portal_request(request).school.now,
        by_hand=by_hand,
        ends=EndsForm(request.POST).confirmed(),
    )
    return pdf_answer(letters_pdf(issued, portal_request(request).school), file_name(name))


def file_name(name: str) -> str:
    return f"letters-{slugify(name) or 'all'}"
