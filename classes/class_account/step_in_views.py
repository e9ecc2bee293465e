"""Step from one's own account into a class account without a PIN.

Policy: TE-2.
"""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.audit import record
from accounts.gates import access
from accounts.http import PortalRequest
from accounts.sessions.class_account_session import STEPPED
from accounts.sign_in.mfa import has_mfa
from classes.class_account.forms import StepInForm
from classes.class_account.queries import classes_to_step_into


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def step_in(request: PortalRequest) -> HttpResponse:
    actor = request.actor
    if not actor.is_personal or actor.staff is None:
        raise Http404
    classes = classes_to_step_into(actor)
    if request.method != "POST":
        context = {"classes": classes, "needs_mfa": not has_mfa(request)}
        return render(request, "classes/class_account/step_in.html", context)
    form = StepInForm(request.POST, classes=classes)
    if not form.is_valid():
        raise Http404
    if not has_mfa(request):  # no PIN is required there, so a password alone is not enough
        raise PermissionDenied
    classroom = form.cleaned_data["classroom"]
    request.session.cycle_key()
    request.session[STEPPED] = classroom.account_id
    record("class.stepped_in", by=actor, about=classroom)
    return redirect("board")
