"""The office's side of joining: who is where, letters, restrictions. Every write is written down."""

from collections.abc import Callable
from functools import partial

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.actor import actor_of
from accounts.admin import OFFICE, SLT, RoleAdmin, has_role, number
from accounts.models import User
from accounts.services import record
from classes.forms import ReasonForm
from classes.letters import letters_pdf
from classes.models import Classroom, Contact, Guardianship, Invitation, PlaceApproval, Pupil
from classes.queries import class_states
from classes.services import (
    Issued,
    approve_further_adult,
    invite_class,
    invite_ties,
    set_restriction,
    withdraw_invitation,
)
from classes.views import pdf_answer
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse


class JoiningAdmin(RoleAdmin):
    """Writes only what was changed on the page: somebody may join while the office has it open."""

    view_for = change_for = {SLT, OFFICE}
    add_for = set()

    def save_model(self, request, obj, form, change) -> None:
        columns = {field.name for field in obj._meta.concrete_fields}
        obj.save(update_fields=[name for name in form.changed_data if name in columns])
        record("admin.changed", by=actor_of(request), about=obj, fields=form.changed_data)


@transaction.atomic
def letters_answer(request: HttpRequest, make: Callable[[], list[Issued]], name: str) -> HttpResponse | None:
    """The letters of what `make` issues; None when that is nobody. No old code ends unless its letter is drawn."""
    issued = make()
    if not issued:
        return None
    return pdf_answer(letters_pdf(issued, request.school), f"letters-{slugify(name) or 'all'}")


@admin.register(Classroom)
class ClassroomAdmin(JoiningAdmin):
    list_display = ["name", "children", "joined"]
    fields = ["name", "account", "staff"]
    readonly_fields = ["account"]
    filter_horizontal = ["staff"]
    search_fields = ["name"]

    def get_queryset(self, request):
        here = Q(pupils__left_on__isnull=True)
        ties = Q(pupils__guardianships__joined_at__isnull=False, pupils__guardianships__ended_at__isnull=True)
        return (
            super()
            .get_queryset(request)
            .annotate(
                number=Count("pupils", filter=here, distinct=True),
                with_adult=Count("pupils", filter=here & ties, distinct=True),
            )
        )

    @admin.display(description=gettext_lazy("children"))
    def children(self, classroom) -> int:
        return classroom.number

    @admin.display(description=gettext_lazy("children with an adult who joined"))
    def joined(self, classroom) -> int:
        return classroom.with_adult

    def get_urls(self):
        letters = self.admin_site.admin_view(self.letters)
        return [path("<int:pk>/letters/", letters, name="classes_classroom_letters"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        classroom = Classroom.objects.filter(pk=number(object_id)).first()
        rows = class_states(classroom, request.school.now) if classroom else []
        waiting = [adult for row in rows for adult in row.adults if adult.waits_for_code]
        extra = {
            "rows": rows,
            "waiting": len(waiting),
            "renewed": sum(adult.until is not None for adult in waiting),
        }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def letters(self, request: HttpRequest, pk: int) -> HttpResponse:
        classroom = get_object_or_404(Classroom, pk=pk)
        back = HttpResponseRedirect(reverse("admin:classes_classroom_change", args=[pk]))
        if request.method != "POST" or not self.has_change_permission(request, classroom):
            return back
        make = partial(invite_class, classroom=classroom, by=actor_of(request), at=request.school.now)
        answer = letters_answer(request, make, classroom.name)
        if answer is None:
            messages.info(request, _("Everybody of this class has joined, or waits for your decision."))
        return answer or back


@admin.register(Guardianship)
class GuardianshipAdmin(JoiningAdmin):
    list_display = ["contact", "pupil", "room", "relationship", "suggestion", "restriction", "joined_at"]
    list_filter = ["restriction", "suggestion", "pupil__classroom"]
    list_select_related = ["contact", "pupil__classroom"]
    search_fields = [
        "contact__surname",
        "contact__forename",
        "pupil__legal_surname",
        "pupil__preferred_forename",
    ]
    fields = [
        "contact", "pupil", "relationship", "priority", "parental_responsibility", "court_order",
        "suggestion", "joined_at", "restriction", "restriction_note",
    ]  # fmt: skip
    readonly_fields = ["contact", "pupil", "priority", "court_order", "suggestion", "joined_at"]
    actions = ["make_letters", "withdraw_codes"]

    @admin.display(description=gettext_lazy("class"), ordering="pupil__classroom__name")
    def room(self, tie) -> str:
        return str(tie.pupil.classroom or "")

    def get_urls(self):
        approve = self.admin_site.admin_view(self.approve)
        return [path("<int:pk>/approve/", approve, name="classes_guardianship_approve"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        extra = {"may_approve": has_role(actor_of(request), {SLT})}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def save_model(self, request, obj, form, change) -> None:
        if {"restriction", "restriction_note"} & set(form.changed_data):
            set_restriction(
                guardianship=obj,
                restriction=obj.restriction,
                note=obj.restriction_note,
                by=actor_of(request),
                at=request.school.now,
            )
        super().save_model(request, obj, form, change)

    @admin.action(description=gettext_lazy("Make codes and download the letters"), permissions=["change"])
    def make_letters(self, request, queryset):
        """Chosen by hand: what is on hold or a contact only may be among them."""
        chosen = queryset.order_by("pupil__legal_surname", "pk")
        by, at = actor_of(request), request.school.now
        make = partial(invite_ties, ties=chosen, by=by, at=at, by_hand=True)
        try:
            return letters_answer(request, make, "chosen")
        except RuleViolation as violation:
            messages.error(request, violation.sentence)
            return None

    @admin.action(description=gettext_lazy("Withdraw the codes"), permissions=["change"])
    def withdraw_codes(self, request, queryset):
        by, at = actor_of(request), request.school.now
        count = 0
        for tie in queryset:
            count += withdraw_invitation(guardianship=tie, by=by, at=at)
        said = ngettext("%(count)s code was withdrawn.", "%(count)s codes were withdrawn.", count)
        messages.success(request, said % {"count": count})

    def approve(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not has_role(actor_of(request), {SLT}):
            return HttpResponseRedirect(reverse("admin:classes_guardianship_changelist"))
        tie = get_object_or_404(Guardianship.objects.select_related("contact", "pupil"), pk=pk)
        form = ReasonForm(request.POST or None)
        if form.is_valid():
            try:
                return self.approved(request, tie, form.cleaned_data["reason"])
            except RuleViolation as violation:
                refuse(form, violation)
        context = {
            **self.admin_site.each_context(request),
            "title": _("A further adult"),
            "tie": tie,
            "form": form,
            "opts": self.opts,
        }
        status = 422 if form.errors else 200
        return render(request, "admin/classes/guardianship/approve.html", context, status=status)

    def approved(self, request: HttpRequest, tie: Guardianship, reason: str) -> HttpResponse:
        by, at = actor_of(request), request.school.now
        approve_further_adult(guardianship=tie, by=by, reason=reason, at=at)
        messages.success(request, _("Approved. The code in their letter works now."))
        return HttpResponseRedirect(reverse("admin:classes_guardianship_change", args=[tie.pk]))


@admin.register(Pupil)
class PupilAdmin(JoiningAdmin):
    list_display = ["preferred_forename", "legal_surname", "classroom", "year", "left_on"]
    list_filter = ["classroom", ("left_on", admin.EmptyFieldListFilter)]
    list_select_related = ["classroom"]
    search_fields = ["preferred_forename", "legal_forename", "legal_surname", "admission_number"]
    readonly_fields = ["school_ref"]
    ordering = ["preferred_forename", "legal_surname"]


@admin.register(Contact)
class ContactAdmin(JoiningAdmin):
    list_display = ["surname", "forename", "email", "mobile", "has_account"]
    list_display_links = ["surname", "forename"]
    search_fields = ["forename", "surname", "email", "school_ref"]
    readonly_fields = ["school_ref"]
    ordering = ["surname", "forename"]

    @admin.display(description=gettext_lazy("has joined"), boolean=True)
    def has_account(self, contact) -> bool:
        return contact.user_id is not None

    def save_model(self, request, obj, form, change) -> None:
        """The account bears the name of the records (AU-8)."""
        super().save_model(request, obj, form, change)
        if obj.user_id and {"forename", "surname"} & set(form.changed_data):
            people = User.objects.filter(pk=obj.user_id, staff_member__isnull=True)
            people.update(name=obj.full_name)


@admin.register(Invitation)
class InvitationAdmin(RoleAdmin):
    view_for = {SLT, OFFICE}
    list_display = ["guardianship", "made_at", "expires_at", "used_at", "withdrawn_at"]
    fields = ["guardianship", "made_at", "expires_at", "used_at", "withdrawn_at"]
    list_select_related = ["guardianship__contact", "guardianship__pupil"]
    search_fields = ["guardianship__contact__surname", "guardianship__pupil__legal_surname"]
    ordering = ["-made_at"]


@admin.register(PlaceApproval)
class PlaceApprovalAdmin(RoleAdmin):
    view_for = {SLT, OFFICE}
    list_display = ["contact", "pupil", "approved_by", "approved_at"]
    list_select_related = ["contact", "pupil", "approved_by"]
