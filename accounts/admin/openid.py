"""Let a senior leader end a colleague's provider account, in the admin (AU-6)."""

from allauth.socialaccount.models import SocialAccount
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from accounts.actor import actor_of
from accounts.models.people import StaffMember
from accounts.sign_in.openid_services import end_provider
from malpas.lib.errors import RuleViolation


class ProviderConnections(admin.ModelAdmin):
    """Add the page of provider accounts to the admin of staff."""

    def get_urls(self) -> list:
        page = self.admin_site.admin_view(self.connections)
        return [
            path("<int:pk>/connections/", page, name="accounts_staffmember_connections"),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, object_id: str, form_url="", extra_context=None):
        actor, member = actor_of(request), self.get_object(request, object_id)
        connections = SocialAccount.objects.filter(user=member.user_id) if member and member.user_id else None
        connected = bool(actor and actor.is_slt and connections is not None and connections.exists())
        context = {**(extra_context or {}), "has_connections": connected}
        return super().change_view(request, object_id, form_url, context)

    def connections(self, request: HttpRequest, pk: int) -> HttpResponse:
        by = actor_of(request)
        if by is None or not by.is_slt:
            raise Http404
        member = get_object_or_404(StaffMember.objects.select_related("user"), pk=pk, user__isnull=False)
        found = SocialAccount.objects.filter(user=member.user).select_related("user")
        if request.method == "POST":
            connection = get_object_or_404(found, provider=request.POST.get("provider", ""))
            try:
                end_provider(connection, by=by)
            except RuleViolation as violation:
                messages.error(request, violation.sentence)
            else:
                messages.success(request, _("Ended. They are signed out and told by e-mail."))
            return redirect("admin:accounts_staffmember_change", pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Connected accounts of %(name)s") % {"name": member},
            "opts": self.opts, "member": member, "connections": found,
        }  # fmt: skip
        return render(request, "admin/accounts/staffmember/connections.html", context)
