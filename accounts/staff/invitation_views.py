"""Pages that lead from the mailed link to accepting it (AU-8)."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.gates import Opens, access
from accounts.http import OpenRequest, PortalRequest, portal_request
from accounts.models.people import StaffMember, User
from accounts.models.staff_invitations import StaffInvitation
from accounts.rules import needs_mfa
from accounts.sessions.devices import session_key, stay_signed_in
from accounts.staff.accounts import InvitationOver, accept_staff_invitation, hash_token, is_for
from accounts.staff.invitation_forms import AcceptInvitationForm
from accounts.staff.invitation_link import CARRIED, carried_invitation, carry, drop_carried
from accounts.staff.queries import find_staff_invitation
from accounts.staff.role_texts import OPENS
from accounts.staff.services import roles_of
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse


@access(Opens.SIGNED_OUT | Opens.BEFORE_OPENING | Opens.BEFORE_STAFF_CHOICE)
@require_safe
def invitation_link(request: OpenRequest, token: str) -> HttpResponse:
    """Store the invitation and redirect.

    So no later address holds its token.
    """
    found = find_staff_invitation(token_hash=hash_token(token))
    if found is None:
        drop_carried(request)
        return over(request)
    carry(request, found)
    return redirect("staff_invitation")


@access(Opens.SIGNED_OUT | Opens.BEFORE_OPENING | Opens.BEFORE_STAFF_CHOICE)
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: OpenRequest) -> HttpResponse:
    carried, actor = carried_invitation(request), request.actor
    if carried is None:
        brought, mine = request.session.get(CARRIED), StaffInvitation.objects.in_force()
        done = actor and brought and mine.filter(pk=brought, accepted_by=actor.user).exists()
        return redirect("home") if done else over(request)
    if actor is None:
        known = User.objects.filter(email__iexact=carried.address).exists()
        return render(
            request, "accounts/staff/invitation_accepted.html", {"invitation": carried, "known": known}
        )
    if not is_for(carried, actor.user):
        return render(request, "accounts/staff/invitation_other.html", {"invitation": carried}, status=403)
    return answer(request, carried)


def answer(request: OpenRequest, carried: StaffInvitation) -> HttpResponse:
    """Show which staff member they will be, and take their acceptance."""
    form = AcceptInvitationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return accept(portal_request(request), carried, form.cleaned_data["roles"])
        except InvitationOver:
            return over(request)
        except RuleViolation as violation:
            refuse(form, violation)
    roles = roles_of(StaffMember.objects.get(pk=carried.staff_id))
    context = {
        "invitation": carried,
        "form": form,
        "roles": [(name, OPENS[name]) for name in roles],
        "mfa_setup": needs_mfa(carried.staff),
    }
    return render(request, "accounts/staff/invitation.html", context, status=422 if form.errors else 200)


def accept(request: PortalRequest, carried: StaffInvitation, roles: list[str]) -> HttpResponse:
    key, user = session_key(request), request.actor.user
    accept_staff_invitation(carried, roles=roles, by=request.actor, at=request.school.now, keep=key)
    stay_signed_in(request, user, key)
    return redirect("home")


def over(request: OpenRequest) -> HttpResponse:
    return render(
        request, "accounts/staff/invitation_over.html", {"sentence": InvitationOver.sentence}, status=410
    )
