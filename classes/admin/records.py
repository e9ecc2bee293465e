"""Manage pupils, contacts, codes and approvals of the school's records."""

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef
from django.forms import Field, ModelChoiceField, ModelForm
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import OFFICE, SLT, RoleAdmin
from accounts.http import portal_request
from classes.admin.base import JoiningAdmin
from classes.corrections.services import note_changes
from classes.enums import Restriction
from classes.models.guardianships import Contact, Guardianship
from classes.models.joining import Invitation, SlotApproval
from classes.models.pupils import Pupil
from classes.people.services import follow_contact, follow_pupil


def _before(form: ModelForm) -> dict[str, object]:
    """Return the earlier values of what was changed on the page."""
    return {name: _value(form.fields[name], form.initial.get(name)) for name in form.changed_data}


def _value(field: Field, earlier: object) -> object:
    """Return the row that an id stands for, and any other value as it is."""
    if isinstance(field, ModelChoiceField) and field.queryset is not None:
        return field.queryset.filter(pk=earlier).first()
    return earlier


@admin.register(Pupil)
class PupilAdmin(JoiningAdmin):
    keeps_values = False
    list_display = ["preferred_forename", "surname", "classroom", "year", "left_on"]
    list_filter = ["classroom", ("left_on", admin.EmptyFieldListFilter)]
    list_select_related = ["classroom"]
    search_fields = ["preferred_forename", "legal_forename", "legal_surname", "surname", "admission_number"]
    readonly_fields = ["school_ref"]
    ordering = ["preferred_forename", "surname"]

    def save_model(self, request, obj, form, change) -> None:
        """Note old and new values, and change what depends on them."""
        super().save_model(request, obj, form, change)
        note_changes(obj, _before(form), by=portal_request(request).actor)
        follow_pupil(obj, form.changed_data)
        if "left_on" in form.changed_data and obj.left_on and not obj.has_left(localdate(request.school.now)):
            said = _("The family keeps its access until the day before %(day)s.")
            messages.info(request, said % {"day": f"{obj.left_on:%d.%m.%Y}"})


@admin.register(Contact)
class ContactAdmin(JoiningAdmin):
    keeps_values = False
    list_display = ["surname", "forename", "email", "mobile", "has_account", "restricted"]
    list_display_links = ["surname", "forename"]
    search_fields = ["forename", "surname", "email", "school_ref"]
    readonly_fields = ["school_ref"]
    ordering = ["surname", "forename"]

    @admin.display(description=gettext_lazy("has joined"), boolean=True)
    def has_account(self, contact) -> bool:
        return contact.user_id is not None

    def get_queryset(self, request):
        barred = Guardianship.objects.filter(contact=OuterRef("pk"), ended_at__isnull=True)
        barred = barred.filter(restriction=Restriction.NO_ACCESS)
        rows = super().get_queryset(request).filter(merged_into__isnull=True)
        return rows.annotate(is_barred=Exists(barred))

    @admin.display(description=gettext_lazy("restriction"))
    def restricted(self, contact) -> str:
        return f"⚠ {Restriction.NO_ACCESS.label}" if contact.is_barred else ""

    def save_model(self, request, obj, form, change) -> None:
        """Note old and new values, and rename the account as in the records."""
        super().save_model(request, obj, form, change)
        note_changes(obj, _before(form), by=portal_request(request).actor)
        follow_contact(obj, form.changed_data)


@admin.register(Invitation)
class InvitationAdmin(RoleAdmin):
    view_for = {SLT, OFFICE}
    list_display = ["guardianship", "made_at", "expires_at", "used_at", "withdrawn_at", "suspicion"]
    fields = ["guardianship", "made_at", "expires_at", "used_at", "withdrawn_at", "suspicion", "tried_by",
              "approved_by", "approval_reason"]  # fmt: skip
    list_select_related = ["guardianship__contact", "guardianship__pupil"]
    search_fields = [
        "guardianship__contact__surname",
        "guardianship__pupil__legal_surname",
        "guardianship__pupil__surname",
    ]
    ordering = ["-made_at"]


@admin.register(SlotApproval)
class SlotApprovalAdmin(RoleAdmin):
    view_for = {SLT, OFFICE}
    list_display = ["contact", "pupil", "approved_by", "approved_at"]
    list_select_related = ["contact", "pupil", "approved_by"]
