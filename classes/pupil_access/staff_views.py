"""Show a class its pupils' cards and its class page."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gates import access
from accounts.http import PortalRequest
from classes.enums import CardState
from classes.forms import EndsForm
from classes.joining.views import pdf_answer
from classes.models.classrooms import Classroom
from classes.models.pupils import Pupil
from classes.pdf.printable import unprintable
from classes.pupil_access.card_pdf import cards_pdf
from classes.pupil_access.cards import end_card, let_in_again, new_card, new_cards
from classes.pupil_access.class_page import new_class_page, open_class_page
from classes.pupil_access.forms import CardForm
from classes.pupil_access.poster_pdf import poster_pdf
from classes.pupil_access.queries import class_cards, get_card_of
from classes.pupil_access.session import stand_at, step_back
from classes.queries import get_own_class
from classes.rules import EndsOthers
from classes.short_names import short_names_in
from malpas.lib.posted import posted_from


def file_name(kind: str, name: str) -> str:
    return f"{kind}-{slugify(name) or 'class'}"


def confirm_ends(request: PortalRequest, violation: EndsOthers, said: str, button: str) -> HttpResponse:
    """Ask before cards or a poster end.

    The button sends the number shown.
    """
    again = "ends" in request.POST
    context = {
        "said": said,
        "ends": violation.number,
        "button": button,
        "again": again,
        "all": "all" in request.POST,
    }
    return render(request, "classes/confirm_ends.html", context, status=409 if again else 200)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def cards(request: PortalRequest) -> HttpResponse:
    classroom, now = get_own_class(request.actor), request.school.now
    if request.method != "POST":
        found = class_cards(classroom, now)
        missing = sum(card.state == CardState.NONE for card in found)
        names = [classroom.name, *(card.pupil.first_name for card in found)]
        boxes = [(name, signs) for name in names if (signs := unprintable(name))]
        context = {"classroom": classroom, "cards": found, "missing": missing, "boxes": boxes}
        return render(request, "classes/pupil_access/cards.html", context)
    for_all, ends = "all" in request.POST, EndsForm(request.POST).confirmed()
    try:
        with transaction.atomic():  # old cards end only if the new ones were drawn
            made = new_cards(classroom=classroom, by=request.actor, at=now, missing=not for_all, ends=ends)
            drawn = cards_pdf(made, classroom) if made else b""
    except EndsOthers as violation:
        said = ngettext(
            "%(number)s printed card stops working, with its square and its pictures. A child signed in with it is out.",
            "%(number)s printed cards stop working, with their squares and pictures. Children signed in with them are out.",
            violation.number,
        ) % {"number": violation.number}
        return confirm_ends(request, violation, said, _("Make new cards for all"))
    if not made:
        messages.info(request, _("Nobody here is without a card."))
        return redirect("cards")
    return pdf_answer(drawn, file_name("cards", classroom.name))


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: PortalRequest, pupil_id: int) -> HttpResponse:
    classroom = get_own_class(request.actor)
    found = get_card_of(classroom, pupil_id, request.school.now)
    form = CardForm(request.POST or None)
    if form.is_valid():
        return act(request, classroom, found.pupil, form.cleaned_data["act"])
    status = 422 if request.method == "POST" else 200
    return render(
        request, "classes/pupil_access/card.html", {"card": found, "pupil": found.pupil}, status=status
    )


def act(request: PortalRequest, classroom: Classroom, pupil: Pupil, wanted: str) -> HttpResponse:
    by = request.actor
    if wanted == "new":
        with transaction.atomic():  # as above
            made = new_card(pupil=pupil, by=by, at=request.school.now)
            drawn = cards_pdf([made], classroom)
        return pdf_answer(drawn, file_name("card", short_names_in([classroom.pk])[pupil.pk]))
    if wanted == "end":
        end_card(pupil=pupil, by=by)
        messages.success(request, _("The card is cancelled. It no longer works."))
    else:
        let_in_again(pupil=pupil, by=by)
        messages.success(request, _("The pictures work again."))
    return redirect("cards")


@access()
@posted_from("cards")
def poster(request: PortalRequest) -> HttpResponse:
    classroom = get_own_class(request.actor)
    ends = EndsForm(request.POST).confirmed()
    try:
        with transaction.atomic():  # the old poster ends only if the new one was drawn
            address = new_class_page(classroom=classroom, by=request.actor, at=request.school.now, ends=ends)
            drawn = poster_pdf(address, classroom, request.school)
    except EndsOthers as violation:
        made = date_format(classroom.class_page.made_at, "j F Y")
        said = _(
            "The poster of %(day)s stops working, wherever it hangs. Children scan the new one. Their cards still work."
        ) % {"day": made}
        return confirm_ends(request, violation, said, _("Make a new poster"))
    return pdf_answer(drawn, file_name("poster", classroom.name))


@access()
@require_POST
def pupils_here(request: PortalRequest) -> HttpResponse:
    """Sign the class account out, and open the class page.

    One browser has one sign-in, and children sit at it from now on.
    """
    classroom = get_own_class(request.actor)
    class_page = open_class_page(classroom=classroom, by=request.actor, at=request.school.now)
    step_back(request)
    stand_at(request, class_page)
    return redirect("pupil_class")
