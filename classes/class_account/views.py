"""Choose who works at the class account, by name and PIN (TE-2)."""

from secrets import token_hex

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor
from accounts.drafts.saved_forms import SavedForm, discard_form, saved_forms_for
from accounts.gates import Opens, access
from accounts.http import PortalRequest
from accounts.models.people import StaffMember
from accounts.sessions.class_account_session import last_pin_at, start_class_session
from accounts.staff.pins import change_pin, check_pin, notify_of_shut_device
from classes.class_account.forms import DiscardForm, PinForm, StaffChoiceForm
from classes.class_account.queries import staff_of
from classes.forms import NextForm
from classes.queries import get_own_class
from classes.rate_limits import PIN_ADDRESS, PIN_DEVICE, RateLimit, RateLimited, address_of
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse

DEVICE = "pin_device"  # session key of the id of this browser


@access(Opens.BEFORE_STAFF_CHOICE | Opens.WITH_LEADERS_PIN)
@require_http_methods(["GET", "HEAD", "POST"])
def staff_choice(request: PortalRequest) -> HttpResponse:
    classroom = get_own_class(request.actor)
    if request.actor.own:  # stepped in from their own account: no PIN needed
        return redirect("home")
    staff = staff_of(classroom)
    context = {"classroom": classroom, "waiting": _waiting_for_pin(request)}
    if request.method != "POST":
        target = NextForm(request.GET)
        form = StaffChoiceForm(staff=staff, initial=target.cleaned_data if target.is_valid() else {})
        return render(request, "classes/class_account/staff_choice.html", {"form": form, **context})
    form, status = StaffChoiceForm(request.POST, staff=staff), 422
    if form.is_valid():
        try:
            return start_session(request, form)
        except RuleViolation as violation:
            refuse(form, violation)
            status = 429 if isinstance(violation, RateLimited) else 422
    return render(
        request, "classes/class_account/staff_choice.html", {"form": form, **context}, status=status
    )


def _waiting_for_pin(request: PortalRequest) -> StaffMember | None:
    """Return who was writing when the PIN was due.

    The page says that nothing is lost.
    """
    for person in staff_of(get_own_class(request.actor)):
        if any(form.has_words for form in _saved_since_pin(request, person)):
            return person
    return None


def _saved_since_pin(request: PortalRequest, person: StaffMember) -> list[SavedForm]:
    """Return what was saved for this person and not offered to them yet, newest first."""
    since = last_pin_at(request.session, person)
    saved = saved_forms_for(request, Actor(request.actor.user, person), request.school.now)
    return [form for form in saved if since is None or form.at > since]


def _try(request: PortalRequest, person: StaffMember, pin: str) -> StaffMember:
    """Check a PIN under the rate limits of browser and address.

    Over all names; wrong PINs of each name are counted in the database besides.
    """
    account, now = request.actor.user, request.school.now
    device = request.session.setdefault(DEVICE, token_hex(16))
    counted = RateLimit((PIN_DEVICE, device), (PIN_ADDRESS, f"{account.pk}:{address_of(request)}"))
    try:
        counted.acquire()
    except RateLimited:
        notify_of_shut_device(by=request.actor, at=now)
        raise
    right = check_pin(person, pin, by=request.actor, at=now)
    counted.release()
    return right


def start_session(request: PortalRequest, form: StaffChoiceForm) -> HttpResponse:
    """Check the PIN, and lead to where one was, or to what one was writing.

    A page that somebody was on goes first: then a notice leads to what was saved.
    """
    person = _try(request, form.cleaned_data["who"], form.cleaned_data["pin"])
    saved = _saved_since_pin(request, person)
    start_class_session(request.session, person, request.school.now)
    path = form.cleaned_data["next"]
    own = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    to = path if own and path != reverse("home") else ""
    if not saved:
        return redirect(to or "home")
    if to and to != saved[0].path:
        words = _("Something of yours has not been sent yet."), reverse("saved_form"), _("See it")
        messages.info(request, format_html('{} <a href="{}">{}</a>', *words))
        return redirect(to)
    messages.info(request, _("Nothing is lost: here is what you were writing."))
    if saved[0].files:
        messages.warning(request, _("Photos could not be kept. Please choose them again."))
    return redirect(saved[0].path if saved[0].in_form else "saved_form")


@access(Opens.WITH_LEADERS_PIN)
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: PortalRequest) -> HttpResponse:
    get_own_class(request.actor)
    if request.actor.own:
        raise Http404
    form, status = PinForm(request.POST if request.method == "POST" else None), 200
    if form.is_bound and form.is_valid():
        try:
            answers = form.cleaned_data
            change_pin(old=answers["old"], new=answers["new"], by=request.actor, at=request.school.now)
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            messages.success(request, _("Your new PIN is good from now on, in every class of yours."))
            return redirect("home")
    status = 422 if form.errors else 200
    return render(request, "classes/class_account/pin.html", {"form": form}, status=status)


@access(Opens.FOR_FAMILIES)
@require_http_methods(["GET", "HEAD", "POST"])
def saved_form(request: PortalRequest) -> HttpResponse:
    """Show saved forms that no page restores.

    They were sent when the PIN was due. A button sends one, or it is discarded.
    """
    if not request.actor.is_parent:  # a parent lock redirects here too
        get_own_class(request.actor)
    now = request.school.now
    if request.method == "POST":
        form = DiscardForm(request.POST)
        if form.is_valid():
            discard_form(request, request.actor, form.cleaned_data["path"], now)
        return redirect("saved_form" if saved_forms_for(request, request.actor, now) else "home")
    return render(
        request,
        "classes/class_account/saved_form.html",
        {"saved_forms": saved_forms_for(request, request.actor, now)},
    )
