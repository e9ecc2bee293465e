"""The cards and the door of a class, as the class itself sees them."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from classes.cards import cards_pdf
from classes.forms import CardForm
from classes.models import Classroom, Pupil
from classes.poster import poster_pdf
from classes.pupil_session import stand_at, step_back
from classes.queries import class_cards, get_card_of, get_own_class
from classes.services import end_card, let_in_again, new_card, new_cards, new_door, open_door
from classes.views import pdf_answer


def file_name(kind: str, name: str) -> str:
    return f"{kind}-{slugify(name) or 'class'}"


@require_http_methods(["GET", "HEAD", "POST"])
def cards(request: HttpRequest) -> HttpResponse:
    classroom, now = get_own_class(request.actor), request.school.now
    if request.method != "POST":
        context = {"classroom": classroom, "cards": class_cards(classroom, now)}
        return render(request, "classes/cards.html", context)
    with transaction.atomic():  # no old card ends unless the new ones are drawn
        made = new_cards(classroom=classroom, by=request.actor, at=now)
        drawn = cards_pdf(made, classroom) if made else b""
    if not made:
        messages.info(request, _("There is nobody in this class yet."))
        return redirect("cards")
    return pdf_answer(drawn, file_name("cards", classroom.name))


@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, pupil_id: int) -> HttpResponse:
    classroom = get_own_class(request.actor)
    found = get_card_of(classroom, pupil_id, request.school.now)
    form = CardForm(request.POST or None)
    if form.is_valid():
        return act(request, classroom, found.pupil, form.cleaned_data["act"])
    status = 422 if request.method == "POST" else 200
    return render(request, "classes/card.html", {"card": found, "pupil": found.pupil}, status=status)


def act(request: HttpRequest, classroom: Classroom, pupil: Pupil, wanted: str) -> HttpResponse:
    by = request.actor
    if wanted == "new":
        with transaction.atomic():  # nor this one
            made = new_card(pupil=pupil, by=by, at=request.school.now)
            drawn = cards_pdf([made], classroom)
        return pdf_answer(drawn, file_name("card", pupil.first_name))
    if wanted == "end":
        end_card(pupil=pupil, by=by)
        messages.success(request, _("The card has ended. It opens nothing any more."))
    else:
        let_in_again(pupil=pupil, by=by)
        messages.success(request, _("The pictures open again."))
    return redirect("cards")


@require_POST
def poster(request: HttpRequest) -> HttpResponse:
    classroom = get_own_class(request.actor)
    with transaction.atomic():  # the old poster stands until the new one is drawn
        address = new_door(classroom=classroom, by=request.actor, at=request.school.now)
        drawn = poster_pdf(address, classroom, request.school)
    return pdf_answer(drawn, file_name("poster", classroom.name))


@require_POST
def pupils_here(request: HttpRequest) -> HttpResponse:
    """The class account is signed out first: one browser has one sign-in, and children sit at it from now on."""
    classroom = get_own_class(request.actor)
    door = open_door(classroom=classroom, by=request.actor, at=request.school.now)
    step_back(request)
    stand_at(request, door)
    return redirect("pupil_class")
