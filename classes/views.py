from django.contrib import messages
from django.contrib.auth import login, logout
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.services import check_pin
from classes import attempts
from classes.adapter import CARRIED, welcome
from classes.attempts import Attempts, TooManyAttempts, address_of
from classes.cards import cards_pdf
from classes.codes import grouped, normalise
from classes.forms import JoinForm, NextForm, WhoForm
from classes.models import Invitation
from classes.queries import find_card, find_invitation, get_own_class, staff_of
from classes.services import CodeRefused, check_place, new_cards, redeem
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse

PUPIL_SECONDS = 8 * 60 * 60
BACKEND = "accounts.backends.PortalBackend"


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A PDF to keep: never shown in a cache, named so that it is found again."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, code: str = "") -> HttpResponse:
    if request.method != "POST":
        shown = grouped(normalise(code)) or code[:40]
        return render(request, "classes/join.html", {"form": JoinForm(initial={"code": shown})})
    form = JoinForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            return enter(request, **form.cleaned_data)
        except RuleViolation as violation:
            refuse(form, violation)
            status = 429 if isinstance(violation, TooManyAttempts) else 422
    return render(request, "classes/join.html", {"form": form}, status=status)


def enter(request: HttpRequest, code: str, date_of_birth) -> HttpResponse:
    """The right code leads on: at once for somebody signed in, else to sign-up or sign-in."""
    counted = Attempts(*join_gates(request))
    counted.spend()
    invitation = find_invitation(code, date_of_birth)
    if invitation is None:
        raise CodeRefused
    if request.actor:
        return enter_signed_in(request, invitation, counted)
    counted.give_back()
    check_place(invitation.guardianship)
    request.session[CARRIED] = invitation.pk
    if invitation.guardianship.contact.user_id:
        messages.info(request, _("You have an account already. Sign in, and the child is added to it."))
        return redirect("account_login")
    return redirect("account_signup")


def join_gates(request: HttpRequest) -> list[tuple[attempts.Limit, object]]:
    person = [(attempts.JOIN_PERSON, request.user.pk)] if request.actor else []
    return [*person, (attempts.JOIN_ADDRESS, address_of(request)), (attempts.JOIN_ALL, "all")]


def enter_signed_in(request: HttpRequest, invitation: Invitation, counted: Attempts) -> HttpResponse:
    tie = redeem(invitation_id=invitation.pk, by=request.actor, at=request.school.now)
    counted.give_back()
    welcome(request, [tie])
    return redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
def who(request: HttpRequest) -> HttpResponse:
    classroom = get_own_class(request.actor)
    staff = staff_of(classroom)
    if request.method != "POST":
        asked = NextForm(request.GET)
        form = WhoForm(staff=staff, initial=asked.cleaned_data if asked.is_valid() else {})
        return render(request, "classes/who.html", {"form": form, "classroom": classroom})
    form = WhoForm(request.POST, staff=staff)
    if form.is_valid():
        try:
            return sit_down(request, form)
        except RuleViolation as violation:
            refuse(form, violation)
    return render(request, "classes/who.html", {"form": form, "classroom": classroom}, status=422)


def sit_down(request: HttpRequest, form: WhoForm) -> HttpResponse:
    now = request.school.now
    person = check_pin(form.cleaned_data["who"], form.cleaned_data["pin"], by=request.actor, at=now)
    request.session.cycle_key()
    request.session["staff"], request.session["staff_seen"] = person.pk, now.isoformat()
    path = form.cleaned_data["next"]
    own = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return redirect(path if own else "home")


@require_http_methods(["GET", "HEAD", "POST"])
def cards(request: HttpRequest) -> HttpResponse:
    classroom = get_own_class(request.actor)
    if request.method != "POST":
        pupils = classroom.pupils.here().by_name().select_related("card")
        return render(request, "classes/cards.html", {"classroom": classroom, "pupils": pupils})
    with transaction.atomic():  # no old card ends unless the new ones are drawn
        made = new_cards(classroom=classroom, by=request.actor, at=request.school.now)
        drawn = cards_pdf(made, classroom) if made else b""
    if not made:
        messages.info(request, _("There is nobody in this class yet."))
        return redirect("cards")
    return pdf_answer(drawn, f"cards-{slugify(classroom.name) or 'class'}")


@require_safe
def pupil_door(request: HttpRequest) -> HttpResponse:
    if request.actor and request.actor.is_pupil:
        return redirect("home")
    return render(request, "classes/pupil_door.html")


def card_owner(request: HttpRequest, token: str):
    """The pupil of a card, or None. Only wrong cards are counted."""
    counted = Attempts((attempts.CARD_ADDRESS, address_of(request)), (attempts.CARD_ALL, "all"))
    counted.spend()
    pupil = find_card(token)
    if pupil:
        counted.give_back()
    return pupil


@require_http_methods(["GET", "HEAD", "POST"])
def pupil_card(request: HttpRequest, token: str) -> HttpResponse:
    try:
        pupil = card_owner(request, token)
    except TooManyAttempts as violation:
        return render(request, "classes/pupil_door.html", {"sentence": violation.sentence}, status=429)
    if pupil is None:
        sentence = _("This card does not open the door. Please show it to your teacher.")
        return render(request, "classes/pupil_door.html", {"sentence": sentence}, status=404)
    if request.method != "POST":
        return render(request, "classes/pupil_card.html", {"pupil": pupil})
    login(request, pupil.account, backend=BACKEND)
    request.session.set_expiry(PUPIL_SECONDS)
    return redirect("home")


@require_POST
def pupil_leave(request: HttpRequest) -> HttpResponse:
    if request.actor and not request.actor.is_pupil:
        raise Http404
    logout(request)
    return redirect("pupil_door")
