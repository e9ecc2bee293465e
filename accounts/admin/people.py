"""Admin pages of staff members and accounts."""

from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor, actor_of
from accounts.admin.base import OFFICE, SLT, RoleAdmin, is_head, plain_values
from accounts.admin.forms import AccountForm, StaffForm
from accounts.admin.governor import GovernorChanges
from accounts.admin.mfa import MfaReset
from accounts.admin.openid import ProviderConnections
from accounts.admin.staff_accounts import StaffAccounts
from accounts.audit import record
from accounts.http import portal_request
from accounts.models.people import StaffMember, User
from accounts.profile.email_change import set_address
from accounts.rules import may_change_address
from accounts.sessions.devices import end_all_sessions
from accounts.staff.pins import set_pin
from accounts.staff.services import ROLES, change_staff


@admin.register(StaffMember)
class StaffMemberAdmin(MfaReset, ProviderConnections, StaffAccounts, GovernorChanges, RoleAdmin):
    view_for = {SLT, OFFICE}
    change_for = {SLT}
    form = StaffForm
    list_display = [
        "called", "job", "class_names", "is_head", "is_slt", "is_office", "is_safeguarding", "is_governor",
        "mfa", "left_on",
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

    @admin.display(description=_("second step"), boolean=True)
    def mfa(self, member: StaffMember) -> bool | None:
        """Return whether a second step is set up; None for somebody without an account."""
        return member.uses_mfa if member.user_id else None

    def has_change_permission(self, request, obj=None) -> bool:
        """Let only the head change the head's row.

        It decides who reads reports about staff (AU-11).
        """
        is_allowed = is_head(actor_of(request)) or not (obj and obj.is_head)
        return super().has_change_permission(request, obj) and is_allowed

    def get_readonly_fields(self, request, obj=None) -> list[str]:
        """Return the fields that this reader may not change.

        Nobody changes their own role or ends their own work; two leaders decide about the governor
        (PA-7); the head hands over on a separate page.
        """
        actor = actor_of(request)
        if obj and actor and actor.staff == obj:
            return [*ROLES, "left_on", "own_account"]
        of_governor = ["is_governor", "left_on"] if obj and obj.is_governor else ["is_governor"]
        return ["is_head", "own_account", *of_governor]

    def save_model(self, request, obj, form, change) -> None:
        by, now = portal_request(request).actor, portal_request(request).school.now
        change_staff(obj, form.changed_data, by=by, at=now)
        values = plain_values(obj, form) if change else {}
        record(
            "admin.changed" if change else "admin.added",
            by=by,
            about=obj,
            fields=form.changed_data,
            **values,
        )
        if form.cleaned_data["new_pin"]:
            set_pin(obj, form.cleaned_data["new_pin"], by=by)


@admin.register(User)
class AccountAdmin(RoleAdmin):
    """Accounts that sign in.

    Office changes a lost address, leaders end all sign-ins.
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

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list[str]:
        return self.shown_fields

    def offered_fields(self, request: HttpRequest, obj: User | None) -> list[str]:
        """Return the form fields that this reader may use for this account."""
        actor, offered_fields = actor_of(request), []
        if obj and actor and may_change_address(obj, actor):
            offered_fields.append("new_address")
        if obj and actor and actor.is_slt and self.may_end(actor, obj):
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

    def may_end(self, actor: Actor, account: User) -> bool:
        """Return whether the reader may end its sign-ins.

        The head's only the head, the governor's nobody.
        """
        staff = getattr(account, "staff_member", None)
        if staff and staff.is_governor:
            return False
        return not (staff and staff.is_head) or is_head(actor)

    def save_model(self, request: HttpRequest, obj: User, form, change) -> None:
        chosen, actor = form.cleaned_data, actor_of(request)
        if chosen.get("new_address"):
            set_address(obj, chosen["new_address"], by=actor, reason=chosen["reason"])
        if chosen.get("sign_out"):
            end_all_sessions(obj, by=actor, reason=chosen["reason"])
