"""The school's own records in the admin. Rights come from roles: `view_for` and `change_for` on each admin."""

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor, actor_of
from accounts.factor_admin import SecondFactorReset
from accounts.forms import AccountForm, SchoolForm, StaffForm
from accounts.governor_admin import GovernorChanges
from accounts.models import (
    AuditEntry,
    Closure,
    Delivery,
    School,
    StaffMember,
    Term,
    TermsAcceptance,
    TermsVersion,
    User,
    WorkingHours,
)
from accounts.provider_admin import ProviderConnections
from accounts.rules import is_review_overdue, may_change_address
from accounts.services import change_calendar, end_all_sessions, record, set_address, set_pin
from accounts.services.staff import ROLES, change_staff
from accounts.services.terms import next_number, publish_terms
from accounts.staff_account_admin import StaffAccounts
from accounts.terms_forms import TermsVersionForm
from malpas.lib.changes import changes
from malpas.lib.errors import RuleViolation
from malpas.lib.saving import save_fields

OFFICE, SLT = "office", "slt"


def has_role(actor: Actor | None, roles: set[str]) -> bool:
    """True when the actor signs with a personal account and holds one of the roles."""
    if actor is None:
        return False
    return (SLT in roles and actor.is_slt) or (OFFICE in roles and actor.is_office)


def number(object_id: str) -> int:
    """The id in an address of the admin, which takes any text there. Raises Http404 for what is none."""
    if not (object_id.isascii() and object_id.isdecimal() and len(object_id) < 19):
        raise Http404
    return int(object_id)


def is_head(actor: Actor | None) -> bool:
    """True when the head teacher signs with their personal account."""
    return actor is not None and actor.is_slt and actor.staff is not None and actor.staff.is_head


class RoleAdmin(admin.ModelAdmin):
    """An admin that asks for a role, and writes every change down."""

    view_for: set[str] = {SLT}
    change_for: set[str] = set()
    add_for: set[str] | None = None
    delete_for: set[str] = set()
    also_saved: tuple[str, ...] = ()  # columns that an admin sets beside those of its form

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return has_role(actor_of(request), self.view_for | self.change_for)

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return has_role(actor_of(request), self.change_for)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return has_role(actor_of(request), self.change_for if self.add_for is None else self.add_for)

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return has_role(actor_of(request), self.delete_for)

    def lookup_allowed(self, lookup: str, value: object, request: HttpRequest | None = None) -> bool:
        """Only filters that the page offers: any other column could be guessed letter by letter in an address."""
        names = [each[0] if isinstance(each, list | tuple) else each for each in self.list_filter]
        names = [getattr(each, "parameter_name", each) for each in names]
        offered = any(
            lookup == name or lookup.startswith(f"{name}__") for name in [*names, self.date_hierarchy]
        )
        return offered and super().lookup_allowed(lookup, value, request)

    def get_changelist_instance(self, request: HttpRequest):
        try:
            return super().get_changelist_instance(request)
        except OverflowError:  # a year that no calendar has
            raise IncorrectLookupParameters from None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def changeform_view(self, request: HttpRequest, object_id=None, form_url="", extra_context=None):
        """Read the row that a form changes under a lock, in the transaction that saves it."""
        if request.method != "POST" or object_id is None or not self.has_change_permission(request):
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            self.lock_row(object_id)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def lock_row(self, object_id: str) -> None:
        """Lock what the form changes, in the order in which services lock it."""
        rows = self.model._default_manager.select_for_update(of=("self",), no_key=True)
        rows.order_by("pk").filter(pk=number(object_id)).values_list("pk").first()

    def save_model(self, request, obj, form, change) -> None:
        """Write the columns that were changed on the page, and no others."""
        save_fields(obj, [*form.changed_data, *self.also_saved])
        record(
            "admin.changed" if change else "admin.added",
            by=actor_of(request),
            about=obj,
            fields=form.changed_data,
        )

    def log_addition(self, request, obj, message):  # the record above stands in for the admin's own log
        return None

    def log_change(self, request, obj, message):
        return None

    def log_deletions(self, request, queryset):
        return None


class CalendarAdmin(RoleAdmin):
    """Hours and days: every change re-times what waits, in one transaction."""

    view_for = change_for = delete_for = {SLT, OFFICE}
    actions = None

    def lock_row(self, object_id: str) -> None:
        """Lock the school first, as every change of the calendar does."""
        School.objects.select_for_update().filter(pk=1).first()
        super().lock_row(object_id)

    def save_model(self, request, obj, form, change) -> None:
        with change_calendar(by=actor_of(request), why=f"{obj._meta.model_name} {obj.pk or 'new'}"):
            super().save_model(request, obj, form, change)

    def delete_model(self, request, obj) -> None:
        with change_calendar(by=actor_of(request), why=f"{obj._meta.model_name} {obj.pk} deleted"):
            super().delete_model(request, obj)


@admin.register(School)
class SchoolAdmin(RoleAdmin):
    view_for = change_for = {SLT, OFFICE}
    add_for = set()
    form = SchoolForm


@admin.register(WorkingHours)
class WorkingHoursAdmin(CalendarAdmin):
    list_display = ["weekday", "working_start", "working_end", "teaching_start", "teaching_end"]


@admin.register(Term)
class TermAdmin(CalendarAdmin):
    list_display = ["name", "starts", "ends"]


@admin.register(Closure)
class ClosureAdmin(CalendarAdmin):
    list_display = ["name", "kind", "starts", "ends", "closes_at"]


@admin.register(TermsVersion)
class TermsVersionAdmin(RoleAdmin):
    """A draft is written, looked at in both languages, and published; then it stays as it is."""

    view_for = {SLT, OFFICE}
    change_for = delete_for = {SLT}
    form = TermsVersionForm
    actions = None
    list_display = ["number", "dated", "review_by", "published_at"]
    readonly_fields = ["number", "published_at"]

    def _is_draft(self, obj) -> bool:
        return not (obj and obj.published_at)

    def has_change_permission(self, request, obj=None) -> bool:
        """What people agreed to is not rewritten: a published version is read-only."""
        return super().has_change_permission(request, obj) and self._is_draft(obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return super().has_delete_permission(request, obj) and self._is_draft(obj)

    def get_urls(self):
        look = self.admin_site.admin_view(self.preview)
        return [path("<int:pk>/preview/", look, name="accounts_termsversion_preview"), *super().get_urls()]

    def get_changeform_initial_data(self, request) -> dict:
        """A new version begins with the words of the newest."""
        newest = TermsVersion.objects.first()
        return {"body_en": newest.body_en, "body_cy": newest.body_cy} if newest else {}

    def save_model(self, request, obj, form, change) -> None:
        obj.number = obj.number or next_number()
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        return redirect("admin:accounts_termsversion_preview", obj.pk)

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = TermsVersion.objects.filter(pk=pk).first()
        if version is None or not self.has_view_permission(request, version):
            raise Http404
        if request.method == "POST":
            return self._publish(request, version)
        before = TermsVersion.objects.filter(number=request.school.terms_number, number__lt=version.number)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": version,
            "version": version,
            "sides": sides(version, before.first()),
            "may_publish": self.has_change_permission(request, version),
        }
        return render(request, "admin/accounts/termsversion/preview.html", context)

    def _publish(self, request: HttpRequest, version: TermsVersion) -> HttpResponse:
        if not has_role(actor_of(request), self.change_for):
            raise PermissionDenied
        try:
            publish_terms(version, by=actor_of(request), at=request.school.now)
        except RuleViolation as violation:
            messages.error(request, violation.sentence)
            return redirect("admin:accounts_termsversion_preview", version.pk)
        messages.success(request, _("Published. Everybody is asked at their next page."))
        return redirect("terms_agreed")

    def changelist_view(self, request, extra_context=None):
        newest = TermsVersion.objects.filter(published_at__isnull=False).first()
        if newest and is_review_overdue(newest, localtime(request.school.now).date()):
            text = _("The review of the terms was due on %(date)s.") % {
                "date": f"{newest.review_by:%d.%m.%Y}"
            }
            messages.warning(request, text)
        return super().changelist_view(request, extra_context)


def sides(version: TermsVersion, before: TermsVersion | None) -> list[tuple[str, str, list]]:
    """(language, words, what changed since the version in force) for both languages."""
    return [
        (
            code,
            getattr(version, f"body_{code}"),
            changes(getattr(before, f"body_{code}"), getattr(version, f"body_{code}")) if before else [],
        )
        for code in ("en", "cy")
    ]


@admin.register(TermsAcceptance)
class TermsAcceptanceAdmin(RoleAdmin):
    view_for = {SLT, OFFICE}
    list_display = ["user", "staff", "version", "accepted_at"]
    list_select_related = ["user", "staff", "version"]


@admin.register(StaffMember)
class StaffMemberAdmin(SecondFactorReset, ProviderConnections, StaffAccounts, GovernorChanges, RoleAdmin):
    view_for = {SLT, OFFICE}
    change_for = {SLT}
    form = StaffForm
    list_display = ["signature", "job", "is_slt", "is_office", "is_governor", "left_on"]

    def has_change_permission(self, request, obj=None) -> bool:
        """The head teacher's row is their own: reports about staff go to whoever it names (AU-11)."""
        theirs = is_head(actor_of(request)) or not (obj and obj.is_head)
        return super().has_change_permission(request, obj) and theirs

    def get_readonly_fields(self, request, obj=None) -> list[str]:
        """Nobody changes a role of their own, or ends their own work; of the governor two leaders decide (PA-7).

        The head hands over on a page of its own.
        """
        actor = actor_of(request)
        if obj and actor and actor.staff == obj:
            return [*ROLES, "left_on", "own_account"]
        of_governor = ["is_governor", "left_on"] if obj and obj.is_governor else ["is_governor"]
        return ["is_head", "own_account", *of_governor]

    def save_model(self, request, obj, form, change) -> None:
        by, now = actor_of(request), request.school.now
        change_staff(obj, form.changed_data, by=by, at=now)
        record("admin.changed" if change else "admin.added", by=by, about=obj, fields=form.changed_data)
        if form.cleaned_data["new_pin"]:
            set_pin(obj, form.cleaned_data["new_pin"], by=by)


@admin.register(User)
class AccountAdmin(RoleAdmin):
    """Accounts that sign in. An address is changed for whoever has lost the old one; leaders end all sign-ins."""

    view_for = {SLT, OFFICE}
    change_for = {SLT, OFFICE}
    add_for = set()
    form = AccountForm
    list_display = ["name", "email", "kind", "joined_at", "is_active"]
    list_filter = ["kind", "is_active"]
    search_fields = ["name", "email"]
    actions = None
    shown = ["name", "email", "kind", "joined_at", "removed_at", "is_active"]

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list[str]:
        return self.shown

    def asked(self, request: HttpRequest, obj: User | None) -> list[str]:
        """What this reader may do with this account. A field that is not asked for is none of the form's."""
        actor, asked = actor_of(request), []
        if obj and actor and may_change_address(obj, actor):
            asked.append("new_address")
        if obj and actor and actor.is_slt and self.may_end(actor, obj):
            asked.append("sign_out")
        return [*asked, "reason"] if asked else []

    def get_fieldsets(self, request: HttpRequest, obj=None):
        return [(None, {"fields": [*self.shown, *self.asked(request, obj)]})]

    def get_form(self, request: HttpRequest, obj=None, change=False, **kwargs):
        form, asked = super().get_form(request, obj, change, **kwargs), self.asked(request, obj)
        form.base_fields = {name: field for name, field in form.base_fields.items() if name in asked}
        return form

    def may_end(self, actor: Actor, account: User) -> bool:
        """A leader ends any account's sign-ins but the head's, which only the head ends, and the governor's."""
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


@admin.register(AuditEntry)
class AuditEntryAdmin(RoleAdmin):
    view_for = {SLT}
    list_display = ["at", "verb", "user", "staff", "about"]
    list_select_related = ["user", "staff"]
    search_fields = ["verb", "about"]

    def get_queryset(self, request: HttpRequest):
        """A report about staff goes to the head alone (AU-11): so does the record of reports and decisions.

        What somebody does to a message of their own while it waits is nobody's to read (I3)."""
        entries = super().get_queryset(request)
        own = ("message.changed", "message.withdrawn", "messages.withdrawn_together")
        entries = entries.visible_to(actor_of(request)).exclude(verb__in=own)
        return entries if is_head(actor_of(request)) else entries.exclude(about__startswith="moderation.")


@admin.register(Delivery)
class DeliveryAdmin(RoleAdmin):
    """Which mail went and which did not, for the office. Its words are not shown."""

    view_for = {SLT, OFFICE}
    list_display = ["subject", "address", "state", "sent_at", "attempts", "unsure", "error"]
    list_display_links = None  # a number in an address that counts up tells how many it does not show
    list_filter = ["state"]
    fields = ["subject", "address", "state", "sent_at", "attempts", "unsure", "error"]

    def change_view(self, request: HttpRequest, object_id: str, form_url="", extra_context=None):
        raise Http404

    def history_view(self, request: HttpRequest, object_id: str, extra_context=None):
        raise Http404

    def get_queryset(self, request: HttpRequest):
        """Without the sealed ones: that there is one tells of a complaint about the head (PA-7)."""
        return super().get_queryset(request).visible_to(actor_of(request))
