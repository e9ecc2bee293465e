from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.gates import Opens, access
from accounts.http import OpenRequest, PortalRequest, portal_request
from classes import rate_limits
from classes.joining.account_adapter import CARRIED, redeem_or_note, welcome
from classes.joining.code_abuse import count_refusal, sound_alarm
from classes.joining.codes import grouped, normalise
from classes.joining.forms import JoinForm
from classes.joining.queries import find_invitation
from classes.joining.services import CodeRefused, ThirdAdult, check_slot
from classes.models.joining import Invitation
from classes.rate_limits import RateLimit, RateLimited, address_of
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """Return a PDF for download, never cached."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@access(Opens.SIGNED_OUT)
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: OpenRequest, code: str = "") -> HttpResponse:
    if request.method != "POST":
        typed_code = grouped(normalise(code)) or code[:40]
        return render(request, "classes/joining/join.html", {"form": JoinForm(initial={"code": typed_code})})
    form = JoinForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            return enter(request, **form.cleaned_data)
        except RateLimited as violation:
            refuse(form, violation)
            status = 429
            if violation.bucket != rate_limits.JOIN_PERSON.name:
                sound_alarm(request.school.now)
        except RuleViolation as violation:
            refuse(form, violation)
    return render(request, "classes/joining/join.html", {"form": form}, status=status)


def enter(request: OpenRequest, code: str, date_of_birth) -> HttpResponse:
    """Accept the right code: join, or go on to sign-up."""
    counted = RateLimit(*join_limits(request))
    counted.acquire()
    invitation = find_invitation(code, date_of_birth)
    if invitation is None:
        count_refusal(code)
        raise CodeRefused
    if request.actor:
        return enter_signed_in(portal_request(request), invitation, counted)
    counted.release()
    check_slot(invitation.guardianship)
    request.session[CARRIED] = invitation.pk
    if invitation.guardianship.contact.user_id:
        messages.info(request, _("You have an account already. Sign in, and the child is added to it."))
        return redirect("account_login")
    return redirect("account_signup")


def join_limits(request: OpenRequest) -> list[tuple[rate_limits.Limit, object]]:
    person = [(rate_limits.JOIN_PERSON, request.user.pk)] if request.actor else []
    return [*person, (rate_limits.JOIN_ADDRESS, address_of(request)), (rate_limits.JOIN_ALL, "all")]


def enter_signed_in(request: PortalRequest, invitation: Invitation, counted: RateLimit) -> HttpResponse:
    try:
        guardianship = redeem_or_note(invitation, by=request.actor, at=request.school.now)
    except ThirdAdult:  # the code is right, so this try is not counted
        counted.release()
        raise
    counted.release()
    welcome(request, [guardianship])
    return redirect("home")
