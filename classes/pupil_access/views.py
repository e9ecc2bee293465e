"""Sign pupils in: with the card, or with dragon and three pictures.

Policy: PU-4.
"""

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.gates import Opens, access
from accounts.http import OpenRequest
from classes import rate_limits
from classes.enums import Picture
from classes.forms import NextForm
from classes.joining.codes import PICTURES
from classes.models.classrooms import Classroom
from classes.models.pupils import Pupil
from classes.pupil_access.cards import try_pictures
from classes.pupil_access.forms import PicturesForm
from classes.pupil_access.queries import (
    dragons_at_class_page,
    find_card,
    find_class_page,
    get_pupil_at_class_page,
)
from classes.pupil_access.session import CLASS_PAGE, class_here, come_in, stand_at, step_back
from classes.rate_limits import RateLimit, RateLimited, address_of
from malpas.lib.posted import shown_once


def class_page_of(request: OpenRequest, sentence: str = "", status: int = 200) -> HttpResponse:
    context = {"sentence": sentence, "at_class_page": CLASS_PAGE in request.session}
    return render(request, "classes/pupil_access/pupil_page.html", context, status=status)


def many_tries(request: OpenRequest) -> HttpResponse:
    return class_page_of(request, _("That was a lot of tries. Please ask your teacher."), status=429)


@access(Opens.PUPIL_SIGN_IN)
@require_safe
def pupil_start(request: OpenRequest) -> HttpResponse:
    if request.actor and request.actor.is_pupil:
        return redirect("home")
    came = NextForm(request.GET)
    sent_back = came.is_valid() and came.cleaned_data["next"]
    if not sent_back and class_here(request):
        return redirect("pupil_class")
    return class_page_of(request, _("Please sign in again with your newest card.") if sent_back else "")


def counted_find(request: OpenRequest, find, token: str):
    """Return what this token opens, or None. Only wrong ones are counted."""
    counted = RateLimit((rate_limits.CARD_ADDRESS, address_of(request)), (rate_limits.CARD_ALL, "all"))
    counted.acquire()
    found = find(token)
    if found:
        counted.release()
    return found


@access(Opens.PUPIL_SIGN_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def pupil_card(request: OpenRequest, token: str) -> HttpResponse:
    try:
        pupil = counted_find(request, find_card, token)
    except RateLimited:
        return many_tries(request)
    if pupil is None:
        return class_page_of(
            request, _("This card does not work. Please show it to your teacher."), status=404
        )
    if request.method != "POST":
        return render(request, "classes/pupil_access/pupil_card.html", {"pupil": pupil})
    come_in(request, pupil)
    return redirect("pupil_page")


@access(Opens.PUPIL_SIGN_IN)
@require_safe
def pupil_class_link(request: OpenRequest, token: str) -> HttpResponse:
    try:
        class_page = counted_find(request, find_class_page, token)
    except RateLimited:
        return many_tries(request)
    if class_page is None:
        return class_page_of(request, _("This poster is an old one. Please tell your teacher."), status=404)
    stand_at(request, class_page)
    return redirect("pupil_class")


@access(Opens.PUPIL_SIGN_IN)
@require_safe
def pupil_class(request: OpenRequest) -> HttpResponse:
    classroom = class_here(request)
    if classroom is None:
        return redirect("pupil_start")
    context = {"classroom": classroom, "dragons": dragons_at_class_page(classroom)}
    return render(request, "classes/pupil_access/pupil_class.html", context)


@access(Opens.PUPIL_SIGN_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def pupil_pictures(request: OpenRequest, pupil_id: int) -> HttpResponse:
    classroom = class_here(request)
    if classroom is None:
        return redirect("pupil_start")
    pupil, form = get_pupil_at_class_page(classroom, pupil_id), PicturesForm(request.POST)
    if request.method != "POST":
        return pictures_page(request, pupil)
    chosen = form.chosen() if form.is_valid() else []
    if form.takes_back or len(chosen) < PICTURES:
        return shown_once(pictures_page(request, pupil, chosen, status=200 if form.is_valid() else 422))
    try:
        opened = counted_try(request, classroom, pupil, chosen)
    except RateLimited:
        return many_tries(request)
    if not opened:
        return pictures_page(request, pupil, wrong=True, status=422)
    come_in(request, pupil)
    return redirect("pupil_page")


def counted_try(request: OpenRequest, classroom: Classroom, pupil: Pupil, chosen: list[str]) -> bool:
    counted = RateLimit(
        (rate_limits.PICTURES_CLASS, classroom.pk),
        (rate_limits.PICTURES_ADDRESS, address_of(request)),
        (rate_limits.PICTURES_ALL, "all"),
    )
    counted.acquire()
    opened = try_pictures(pupil=pupil, pictures=chosen, at=request.school.now)
    if opened:
        counted.release()
    return opened


def pictures_page(
    request: OpenRequest, pupil: Pupil, chosen: Sequence[str] = (), *, wrong: bool = False, status: int = 200
) -> HttpResponse:
    titles = [_("Tap your first picture"), _("Tap your second picture"), _("Tap your third picture")]
    context = {
        "pupil": pupil,
        "title": titles[len(chosen)],
        "chosen": [Picture(each) for each in chosen],
        "waiting": range(len(chosen) + 1, PICTURES + 1),
        "pictures": Picture,
        "wrong": wrong,
    }
    return render(request, "classes/pupil_access/pictures.html", context, status=status)


@access(Opens.SIGNED_OUT | Opens.TO_PUPILS | Opens.BEFORE_OPENING | Opens.WHILE_LOCKED)
@require_POST
def pupil_leave(request: OpenRequest) -> HttpResponse:
    if request.actor and not request.actor.is_pupil:
        raise Http404
    step_back(request)
    return redirect("pupil_class" if CLASS_PAGE in request.session else "pupil_start")
