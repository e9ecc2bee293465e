"""Read-only admin pages of the audit log and the mail."""

from typing import cast

from django.contrib import admin
from django.http import Http404, HttpRequest

from accounts.actor import actor_of
from accounts.admin.base import OFFICE, SLT, RoleAdmin
from accounts.hooks import unreadable_for
from accounts.models.audit import AuditEntry, AuditEntryQuerySet
from accounts.models.notifications import Delivery, DeliveryQuerySet


@admin.register(AuditEntry)
class AuditEntryAdmin(RoleAdmin):
    view_for = {SLT}
    list_display = ["at", "verb", "user", "staff", "about"]
    list_select_related = ["user", "staff"]
    search_fields = ["verb", "about"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Hide it from the list of tables: leaders read it at `/records/`."""
        return False

    def get_queryset(self, request: HttpRequest):
        entries = cast(AuditEntryQuerySet, super().get_queryset(request))
        actor = actor_of(request)
        return entries.readable_by(actor, but=unreadable_for(actor))


@admin.register(Delivery)
class DeliveryAdmin(RoleAdmin):
    """The state of each e-mail, for office and leaders, without its text."""

    view_for = {SLT, OFFICE}
    list_display = ["__str__", "address", "state", "sent_at", "attempts", "unsure", "error"]
    list_display_links = None  # a link's sequential id would reveal how many rows are hidden
    list_filter = ["state"]
    fields = ["subject", "address", "state", "sent_at", "attempts", "unsure", "error"]

    def change_view(self, request: HttpRequest, object_id: str, form_url="", extra_context=None):
        raise Http404

    def history_view(self, request: HttpRequest, object_id: str, extra_context=None):
        raise Http404

    def get_queryset(self, request: HttpRequest):
        """Leave out sealed mail.

        Its existence would reveal a complaint about the head (PA-7).
        """
        return cast(DeliveryQuerySet, super().get_queryset(request)).visible_to(actor_of(request))
