"""Let a senior leader reset a colleague's mfa, in the admin (AU-6)."""

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from accounts.actor import actor_of
from accounts.models.people import StaffMember
from accounts.sign_in.mfa import authenticators_of
from accounts.sign_in.mfa_forms import ResetForm
from accounts.staff.mfa_reset import reset_mfa
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse


class MfaReset(admin.ModelAdmin):
    """Add the reset page to the admin of members of staff."""

    def get_urls(self) -> list:
        page = self.admin_site.admin_view(self.reset_mfa_page)
        return [path("<int:pk>/second-step/", page, name="accounts_staffmember_mfa"), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url="", extra_context=None):
        actor, member = actor_of(request), self.get_object(request, object_id)
        user = member.user if member else None
        may = bool(actor and actor.is_slt and user and user != actor.user)
        context = {
            **(extra_context or {}),
            "may_reset_mfa": bool(may and user and authenticators_of(user)),
        }
        return super().change_view(request, object_id, form_url, context)

    def reset_mfa_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        by = actor_of(request)
        if by is None or not by.is_slt:
            raise Http404
        member = get_object_or_404(StaffMember.objects.select_related("user"), pk=pk, user__isnull=False)
        assert member.user is not None
        form = ResetForm(request.POST or None)
        if form.is_valid():
            try:
                reset_mfa(member.user, by=by, reason=form.cleaned_data["reason"])
            except RuleViolation as violation:
                refuse(form, violation)
            else:
                messages.success(request, _("Done. They set up a new second step at their next sign-in."))
                return redirect("admin:accounts_staffmember_change", pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Take away the second step of %(name)s") % {"name": member},
            "opts": self.opts, "member": member, "form": form,
        }  # fmt: skip
        status = 422 if request.method == "POST" else 200
        return render(request, "admin/accounts/staffmember/mfa.html", context, status=status)
