"""Leave a class account: lock it, or step out of it (TE-2)."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_POST

from accounts.actor import Actor
from accounts.audit import record
from accounts.gates import Opens, access
from accounts.http import PortalRequest
from accounts.sessions.class_account_session import STEPPED, end_class_session
from classes.forms import NextForm
from classes.queries import get_own_class


@access()
@require_POST
def step_out(request: PortalRequest) -> HttpResponse:
    actor = request.actor
    if actor.own is None:
        raise Http404
    request.session.cycle_key()
    del request.session[STEPPED]
    record("class.stepped_out", by=Actor(actor.own, actor.staff), about=actor.user)
    return redirect("home")


@access(Opens.BEFORE_STAFF_CHOICE | Opens.WITH_LEADERS_PIN)
@require_POST
def class_lock(request: PortalRequest) -> HttpResponse:
    """End whoever works here, at once; the page asks for the next name and PIN (TE-2)."""
    get_own_class(request.actor)
    if request.actor.own:
        return step_out(request)
    end_class_session(request.session)
    request.covered = get_random_string(12)
    if request.actor.staff:
        record("class.locked", by=request.actor, about=request.actor.user)
    target = NextForm(request.POST)
    back = target.cleaned_data["next"] if target.is_valid() else ""
    query = f"?{urlencode({'next': back})}" if back and not back.startswith(reverse("staff_choice")) else ""
    return redirect(reverse("staff_choice") + query)
