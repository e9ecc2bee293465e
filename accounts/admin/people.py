"""Admin pages of staff members and accounts."""

from datetime import date

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.actor import actor_of
from accounts.admin.base import OFFICE, SLT, RoleAdmin
from accounts.admin.forms import AccountForm
from accounts.models.people import StaffMember, User
from accounts.profile.email_change import set_address
from accounts.rules import may_change_address
from accounts.sessions.devices import end_all_sessions
from accounts.staff.leaving import leaving_day


@admin.register(StaffMember)
class StaffMemberAdmin(RoleAdmin):
    """Read only: `/staff/` changes people, asks what a role opens, and keeps the history."""

    view_for = {SLT, OFFICE}
    actions = None
    list_display = [
        "called", "job", "class_names", "is_head", "is_slt", "is_office", "is_safeguarding", "is_governor",
        "mfa", "last_day",
    ]  # fmt: skip
    fields = [
        "title", "forename", "surname", "job", "user",
        "is_slt", "is_head", "is_office", "is_safeguarding", "is_governor", "last_day",
    ]  # fmt: skip
    search_fields = ["forename", "surname", "job"]

    def get_queryset(self, request: HttpRequest):
        enrolled = Authenticator.objects.filter(user=OuterRef("user"))
        rows = super().get_queryset(request).annotate(uses_mfa=Exists(enrolled))
        return rows.prefetch_related("classrooms")

    @admin.display(description=_("name"), ordering="surname")
    def called(self, member: StaffMember) -> str:
        return member.signature

    @admin.display(description=_("classes"))
    def class_names(self, member: StaffMember) -> str:
        return ", ".join(str(room) for room in member.classrooms.all())

    @admin.display(description=_("left on"), ordering="left_on")
    def last_day(self, member: StaffMember) -> date | None:
        return leaving_day(member)

    @admin.display(description=_("second step"), boolean=True)
    def mfa(self, member: StaffMember) -> bool | None:
        """Return whether a second step is set up; None for somebody without an account."""
        return member.uses_mfa if member.user_id else None


@admin.register(User)
class AccountAdmin(RoleAdmin):
    """Accounts that sign in.

    Office changes a lost address, leaders end all sign-ins. Staff have a page of their own for both.
    """

    view_for = {SLT, OFFICE}
    change_for = {SLT, OFFICE}
    add_for = set()
    form = AccountForm
    list_display = ["name", "email", "kind", "joined_at", "is_active"]
    list_filter = ["kind", "is_active"]
    search_fields = ["name", "email"]
    actions = None
    shown_fields = ["name", "email", "kind", "joined_at", "removed_at", "is_active"]

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return super().has_change_permission(request, obj) and not hasattr(obj, "staff_member")

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list[str]:
        return self.shown_fields

    def offered_fields(self, request: HttpRequest, obj: User | None) -> list[str]:
        """Return the form fields that this reader may use for this account."""
        actor, offered_fields = actor_of(request), []
        if obj is None or actor is None or hasattr(obj, "staff_member"):
            return []
        if may_change_address(obj, actor):
            offered_fields.append("new_address")
        if actor.is_slt:
            offered_fields.append("sign_out")
        return [*offered_fields, "reason"] if offered_fields else []

    def get_fieldsets(self, request: HttpRequest, obj=None):
        return [(None, {"fields": [*self.shown_fields, *self.offered_fields(request, obj)]})]

    def get_form(self, request: HttpRequest, obj=None, change=False, **kwargs):
        form, offered_fields = (
            super().get_form(request, obj, change, **kwargs),
            self.offered_fields(request, obj),
        )
        form.base_fields = {name: field for name, field in form.base_fields.items() if name in offered_fields}
        return form

    def save_model(self, request: HttpRequest, obj: User, form, change) -> None:
        chosen, actor = form.cleaned_data, actor_of(request)
        if chosen.get("new_address"):
            set_address(obj, chosen["new_address"], by=actor, reason=chosen["reason"])
        if chosen.get("sign_out"):
            end_all_sessions(obj, by=actor, reason=chosen["reason"])
