"""Base classes of the admin. Rights come from roles: `view_for` and `change_for`."""

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db import models, transaction
from django.http import Http404, HttpRequest

from accounts.actor import Actor, actor_of
from accounts.audit import record
from accounts.http import portal_request
from malpas.lib.db.saving import save_fields

OFFICE, SLT = "office", "slt"
PLAIN = (models.BooleanField, models.IntegerField, models.DateField, models.TimeField)


def has_role(actor: Actor | None, roles: set[str]) -> bool:
    """Return whether a personal account holds one of the roles."""
    if actor is None:
        return False
    return (SLT in roles and actor.is_slt) or (OFFICE in roles and actor.is_office)


def parse_pk(object_id: str) -> int:
    """Return the id in an admin address.

    Raises Http404 for any other text.
    """
    if not (object_id.isascii() and object_id.isdecimal() and len(object_id) < 19):
        raise Http404
    return int(object_id)


def plain_values(obj: models.Model, form: forms.BaseForm) -> dict[str, dict[str, list[str | None]]]:
    """Return what the audit log keeps of old and new values.

    {"values": {column: [before, after]}} of each changed number, day, time, choice and yes or no, as text; {} where
    there is none. Text that people wrote stays out of the audit log: it would outlive the person.
    """
    found = {}
    for field in obj._meta.concrete_fields:
        if field.name in form.changed_data and (field.choices or isinstance(field, PLAIN)):
            before, after = form.initial.get(field.name), field.value_from_object(obj)
            found[field.name] = [None if value in (None, "") else str(value) for value in (before, after)]
    return {"values": found} if found else {}


class RoleAdmin(admin.ModelAdmin):
    """An admin that checks roles and records every change."""

    view_for: set[str] = {SLT}
    change_for: set[str] = set()
    add_for: set[str] | None = None
    delete_for: set[str] = set()
    keeps_values = True  # in the audit log; not those of a child or a family, which go with the person
    also_saved: tuple[str, ...] = ()  # columns that an admin sets beside those of its form

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return has_role(actor_of(request), self.view_for | self.change_for)

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return has_role(actor_of(request), self.change_for)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return has_role(actor_of(request), self.change_for if self.add_for is None else self.add_for)

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return has_role(actor_of(request), self.delete_for)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow only the filters of the page.

        Others would let columns be guessed letter by letter.
        """
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
        """Read the row under a lock, within the transaction that saves."""
        if request.method != "POST" or object_id is None or not self.has_change_permission(request):
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            self.lock_row(object_id)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def lock_row(self, object_id: str) -> None:
        """Lock the rows that the form changes, in services' order."""
        rows = self.model._default_manager.select_for_update(of=("self",), no_key=True)
        rows.order_by("pk").filter(pk=parse_pk(object_id)).values_list("pk").first()

    def save_model(self, request, obj, form, change) -> None:
        """Write only the columns that were changed on the page."""
        save_fields(obj, [*form.changed_data, *self.also_saved])
        record(
            "admin.changed" if change else "admin.added",
            by=portal_request(request).actor,
            about=obj,
            fields=form.changed_data,
            **(plain_values(obj, form) if change and self.keeps_values else {}),
        )

    def log_addition(self, request, obj, message):  # the audit entry replaces the admin's own log
        return None

    def log_change(self, request, obj, message):
        return None

    def log_deletions(self, request, queryset):
        return None
