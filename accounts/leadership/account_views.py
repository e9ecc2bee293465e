"""Let leaders help a colleague with their account: address, sign-ins, connected accounts (AU-2, AU-6)."""

from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.gates import access
from accounts.http import PortalRequest
from accounts.leadership.colleagues import check_may_help, replace_address, sign_out_everywhere
from accounts.leadership.forms import AddressForm, ProviderForm, SignOutForm
from accounts.models.people import StaffMember
from accounts.sign_in.openid_services import end_provider
from accounts.staff.pages.views.base import form_methods, staff_for_leader, staff_to_change
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse


def _page(request: PortalRequest, template: str, member: StaffMember, form, **more: object) -> HttpResponse:
    status = 422 if form.errors else 200
    context = {"member": member, "form": form, **more}
    return render(request, f"accounts/leadership/{template}.html", context, status=status)


def _sent(request: PortalRequest):
    return request.POST if request.method == "POST" else None


def _refused(request: PortalRequest, member: StaffMember) -> HttpResponse | None:
    """Lead back with a sentence where this leader has no help to give."""
    try:
        check_may_help(member, by=request.actor)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
        return redirect("staff_member", member.pk)
    return None


@access()
@form_methods
def staff_address(request: PortalRequest, pk: int) -> HttpResponse:
    """Replace a lost address, with a reason."""
    member = staff_to_change(request, pk)
    if refused := _refused(request, member):
        return refused
    form = AddressForm(_sent(request), initial={"seen": member.user.email if member.user else ""})
    if form.is_valid():
        try:
            replace_address(member, **form.cleaned_data, by=request.actor)
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            messages.success(
                request, _("Changed. We have written to both addresses, and every device is signed out.")
            )
            return redirect("staff_member", pk)
    return _page(request, "address", member, form)


@access()
@form_methods
def staff_sign_out(request: PortalRequest, pk: int) -> HttpResponse:
    """Sign a colleague out everywhere, with a reason."""
    member = staff_to_change(request, pk)
    if refused := _refused(request, member):
        return refused
    form = SignOutForm(_sent(request))
    if form.is_valid():
        try:
            sign_out_everywhere(member, reason=form.cleaned_data["reason"], by=request.actor)
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            messages.success(request, _("Done. They are signed out everywhere."))
            return redirect("staff_member", pk)
    return _page(request, "sign_out", member, form)


@access()
@form_methods
def staff_connections(request: PortalRequest, pk: int) -> HttpResponse:
    """Show which accounts of Microsoft and Google open this one, and end them."""
    member = staff_for_leader(request, pk)
    found = SocialAccount.objects.filter(user=member.user_id, user__isnull=False).select_related("user")
    form = ProviderForm(_sent(request))
    if request.method != "POST":
        return _page(request, "connections", member, form, connections=found)
    if not form.is_valid():
        raise Http404
    connection = found.filter(provider=form.cleaned_data["provider"]).first()
    if connection is None:
        messages.info(request, _("It has ended already."))
        return redirect("staff_member", pk)
    try:
        end_provider(connection, by=request.actor)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
        return redirect("staff_connections", pk)
    messages.success(request, _("Done. They are signed out and told by e-mail."))
    return redirect("staff_member", pk)
