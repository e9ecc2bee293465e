"""Admin pages of a staff member's account and the head's successor."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor, actor_of
from accounts.http import portal_request
from accounts.models.people import StaffMember
from accounts.models.staff_invitations import StaffInvitation
from accounts.staff.accounts import end_staff_account, invite_staff, withdraw_staff_invitation
from accounts.staff.invitation_forms import EndStaffAccountForm, InviteStaffForm
from accounts.staff.services import hand_over_head
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse


def day(moment) -> str:
    return f"{localtime(moment):%d.%m.%Y}"


class StaffAccounts(admin.ModelAdmin):
    """Add pages for the account and the handover to the admin of staff."""

    def get_urls(self) -> list:
        view, name = self.admin_site.admin_view, "accounts_staffmember_{}"
        return [
            path("<int:pk>/account/", view(self.account), name=name.format("account")),
            path("<int:pk>/head/", view(self.hand_over), name=name.format("head")),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("own account"))
    def own_account(self, member: StaffMember) -> str:
        """Describe whose account opens this record, or the state of its invitation."""
        accepted = member.invitations.in_force().select_related("accepted_by").first()
        if member.user:
            known = {"address": member.user.email, "day": day(accepted.accepted_at) if accepted else "?"}
            return _("%(address)s, since %(day)s") % known
        pending = member.invitations.unanswered().select_related("sent_by").first() if member.pk else None
        if pending is None:
            return _("none")
        known = {"address": pending.address, "day": day(pending.expires_at), "leader": str(pending.sent_by)}
        if StaffInvitation.objects.open().filter(pk=pending.pk).exists():
            return _("none; %(leader)s invited %(address)s, open until %(day)s") % known
        return _("none; the invitation to %(address)s ran out on %(day)s") % known

    def change_view(self, request: HttpRequest, object_id: str, form_url="", extra_context=None):
        by, member = actor_of(request), self.get_object(request, object_id)
        may = bool(member and self.has_change_permission(request, member) and by and by.staff != member)
        leads = bool(may and member and member.user and by and by.staff and by.staff.is_head)
        context = {**(extra_context or {}), "may_see_account": may, "may_hand_over": leads}
        return super().change_view(request, object_id, form_url, context)

    def _member(self, request: HttpRequest, pk: int) -> tuple[StaffMember, Actor]:
        """Return the member and the leader who asks.

        404 for one's own record.
        """
        member, by = get_object_or_404(StaffMember.objects.select_related("user"), pk=pk), actor_of(request)
        if by is None or not by.is_slt or by.staff == member:
            raise Http404
        if not self.has_change_permission(request, member):
            raise PermissionDenied
        return member, by

    def account(self, request: HttpRequest, pk: int) -> HttpResponse:
        member, by = self._member(request, pk)
        form_class = EndStaffAccountForm if member.user else InviteStaffForm
        pending = member.invitations.unanswered().first()
        initial = {"address": pending.address} if pending else {}
        form = form_class(request.POST if request.method == "POST" else None, initial=initial)
        if request.method == "POST" and "withdraw" in request.POST:
            withdraw_staff_invitation(member, by=by, at=portal_request(request).school.now)
            messages.success(request, _("The invitation is withdrawn: its link opens nothing."))
            return redirect("admin:accounts_staffmember_change", pk)
        if form.is_valid():
            try:
                return self.done(request, member, by, form.cleaned_data)
            except RuleViolation as violation:
                refuse(form, violation)
        context = self.context(
            member, _("The account of %(name)s") % {"name": member}, form=form, pending=pending
        )
        context["state"] = self.own_account(member)
        return self.page(request, "account", context)

    def done(self, request: HttpRequest, member: StaffMember, by: Actor, chosen: dict) -> HttpResponse:
        if member.user:
            end_staff_account(member, by=by, reason=chosen["reason"], at=portal_request(request).school.now)
            messages.success(request, _("Done. They are signed out everywhere."))
        else:
            invite_staff(member, chosen["address"], by=by, at=portal_request(request).school.now)
            known = {"address": chosen["address"]}
            messages.success(request, _("The invitation is on its way to %(address)s.") % known)
        return redirect("admin:accounts_staffmember_change", member.pk)

    def hand_over(self, request: HttpRequest, pk: int) -> HttpResponse:
        member, by = self._member(request, pk)
        if by.staff is None or not by.staff.is_head:
            raise Http404
        if request.method == "POST":
            try:
                hand_over_head(member, by=by, at=portal_request(request).school.now)
            except RuleViolation as violation:
                messages.error(request, violation.sentence)
            else:
                messages.success(request, _("%(name)s is the head teacher now.") % {"name": member})
            return redirect("admin:accounts_staffmember_change", pk)
        title = _("Hand over to %(name)s") % {"name": member}
        return self.page(request, "head", self.context(member, title))

    def context(self, member: StaffMember, title: str, **more: object) -> dict:
        return {"title": title, "opts": self.opts, "member": member, **more}

    def page(self, request: HttpRequest, name: str, context: dict) -> HttpResponse:
        status = 422 if request.method == "POST" else 200
        known = {**self.admin_site.each_context(request), **context}
        return render(request, f"admin/accounts/staffmember/{name}.html", known, status=status)
