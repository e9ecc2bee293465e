"""Manage pupils, contacts, codes and approvals of the school's records."""

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import OFFICE, SLT, RoleAdmin
from accounts.models.people import User
from accounts.notify.recheck import revoke_notifications
from classes.admin.base import JoiningAdmin
from classes.enums import Restriction
from classes.models.guardianships import Contact, Guardianship
from classes.models.joining import Invitation, SlotApproval
from classes.models.pupils import Pupil


@admin.register(Pupil)
class PupilAdmin(JoiningAdmin):
    list_display = ["preferred_forename", "legal_surname", "classroom", "year", "left_on"]
    list_filter = ["classroom", ("left_on", admin.EmptyFieldListFilter)]
    list_select_related = ["classroom"]
    search_fields = ["preferred_forename", "legal_forename", "legal_surname", "admission_number"]
    readonly_fields = ["school_ref"]
    ordering = ["preferred_forename", "legal_surname"]

    def save_model(self, request, obj, form, change) -> None:
        """Rename the pupil's account (AU-8) and revoke notifications of departed."""
        super().save_model(request, obj, form, change)
        if obj.account_id and "preferred_forename" in form.changed_data:
            User.objects.filter(pk=obj.account_id).update(name=obj.first_name)
        if {"left_on", "classroom"} & set(form.changed_data):
            adults = Contact.objects.filter(guardianships__pupil=obj, user__isnull=False)
            revoke_notifications(list(adults.values_list("user", flat=True)))
        if "left_on" in form.changed_data and obj.left_on and not obj.has_left(localdate(request.school.now)):
            said = _("The family keeps its access until the day before %(day)s.")
            messages.info(request, said % {"day": f"{obj.left_on:%d.%m.%Y}"})


@admin.register(Contact)
class ContactAdmin(JoiningAdmin):
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
        return super().get_queryset(request).annotate(is_barred=Exists(barred))

    @admin.display(description=gettext_lazy("restriction"))
    def restricted(self, contact) -> str:
        return f"⚠ {Restriction.NO_ACCESS.label}" if contact.is_barred else ""

    def save_model(self, request, obj, form, change) -> None:
        """Rename the contact's account as in the records (AU-8)."""
        super().save_model(request, obj, form, change)
        if obj.user_id and {"forename", "surname"} & set(form.changed_data):
            people = User.objects.filter(pk=obj.user_id, staff_member__isnull=True)
            people.update(name=obj.full_name)


@admin.register(Invitation)
class InvitationAdmin(RoleAdmin):
    view_for = {SLT, OFFICE}
    list_display = ["guardianship", "made_at", "expires_at", "used_at", "withdrawn_at", "suspicion"]
    fields = ["guardianship", "made_at", "expires_at", "used_at", "withdrawn_at", "suspicion", "tried_by",
              "approved_by", "approval_reason"]  # fmt: skip
    list_select_related = ["guardianship__contact", "guardianship__pupil"]
    search_fields = ["guardianship__contact__surname", "guardianship__pupil__legal_surname"]
    ordering = ["-made_at"]


@admin.register(SlotApproval)
class SlotApprovalAdmin(RoleAdmin):
    view_for = {SLT, OFFICE}
    list_display = ["contact", "pupil", "approved_by", "approved_at"]
    list_select_related = ["contact", "pupil", "approved_by"]
