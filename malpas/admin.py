"""Configure the admin site. It has no sign-in of its own: its users are signed in to the portal."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.actor import actor_of


class PortalAdminSite(admin.AdminSite):
    site_header = _("School office and leadership")
    site_title = _("School office and leadership")
    index_title = _("What would you like to do?")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        actor = actor_of(request)
        return actor is not None and actor.is_personal and (actor.is_slt or actor.is_office)

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:  # type: ignore[override]  # it answers with any page
        """Lead to the portal's own page: there is one way to change a password."""
        return redirect("account_change_password")

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return redirect("home") if request.user.is_authenticated else redirect("account_login")
