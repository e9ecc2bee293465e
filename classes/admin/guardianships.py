"""Manage one guardianship: state, code, restriction, further slot, end."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import actor_of
from accounts.admin.base import SLT, has_role, parse_pk
from accounts.http import portal_request
from classes.admin.base import JoiningAdmin
from classes.admin.rooms import letters_of_chosen, withdraw_all
from classes.enums import JoiningState
from classes.guardianship.forms import DecideForm, ReasonForm, RestrictionForm
from classes.guardianship.restrictions import set_restriction
from classes.guardianship.services import end_guardianship, open_again
from classes.joining.approvals import approve_adult
from classes.joining.queries import guardianships_in_state, state_of
from classes.models.guardianships import Guardianship
from classes.models.joining import SlotApproval
from classes.models.pupils import Pupil
from classes.queries import is_own_child
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("order", _("court order: decide now")), ("waiting", _("not joined")), *JoiningState.choices]

    def queryset(self, request, queryset):
        state = self.value()
        return guardianships_in_state(queryset, state) if state else queryset


@admin.register(Guardianship)
class GuardianshipAdmin(JoiningAdmin):
    list_display = ["contact", "pupil", "room", "relationship", "suggestion", "restriction", "joined_at"]
    list_filter = [StateFilter, "restriction", "suggestion", "pupil__classroom"]
    list_select_related = ["contact", "pupil__classroom"]
    search_fields = [
        "contact__surname",
        "contact__forename",
        "pupil__legal_surname",
        "pupil__preferred_forename",
    ]
    fields = [
        "contact", "pupil", "state", "relationship", "priority", "parental_responsibility", "court_order_text",
        "suggestion", "code_approval", "approval_reason", "restriction", "restriction_note",
    ]  # fmt: skip
    readonly_fields = [
        "contact", "pupil", "state", "priority", "court_order_text", "suggestion", "code_approval", "approval_reason",
    ]  # fmt: skip
    form = RestrictionForm
    actions = ["make_letters", "withdraw_codes"]

    @admin.display(description=gettext_lazy("class"), ordering="pupil__classroom__name")
    def room(self, guardianship) -> str:
        return str(guardianship.pupil.classroom or "")

    @admin.display(description=gettext_lazy("state"))
    def state(self, guardianship) -> str:
        return state_of(guardianship, guardianship.seen_at).label

    def get_readonly_fields(self, request, obj=None) -> list[str]:
        """Let only SLT change what makes an adult a parent or guardian.

        Policy: PA-2.
        """
        facts = [] if has_role(actor_of(request), {SLT}) else ["relationship", "parental_responsibility"]
        return [*super().get_readonly_fields(request, obj), *facts]

    @admin.display(description=gettext_lazy("court order"))
    def court_order_text(self, guardianship) -> str:
        return _("A court order stands in the school’s records.") if guardianship.court_order else _("none")

    @admin.display(description=gettext_lazy("code approved"))
    def code_approval(self, guardianship) -> str:
        if not guardianship.code_approved_by:
            return "–"
        return f"{guardianship.code_approved_by}, {localtime(guardianship.code_approved_at):%d.%m.%Y}: {guardianship.code_reason}"

    @admin.display(description=gettext_lazy("approved as a further adult"))
    def approval_reason(self, guardianship) -> str:
        approval = (
            guardianship.approval
            or SlotApproval.objects.filter(
                pupil=guardianship.pupil, contact=guardianship.contact, guardianship__isnull=True
            ).first()
        )
        if not approval:
            return "–"
        return f"{approval.approved_by}, {localtime(approval.approved_at):%d.%m.%Y}: {approval.reason}"

    def get_object(self, request, object_id, from_field=None):
        guardianship = super().get_object(request, object_id, from_field)
        if guardianship is not None:
            guardianship.seen_at = portal_request(request).school.now
        return guardianship

    def get_urls(self):
        view, name = self.admin_site.admin_view, "classes_guardianship_{}"
        acts = {
            "approve": self.approve, "letter": self.letter, "withdraw": self.withdraw, "decide": self.decide,
            "end": self.end, "open": self.open,
        }  # fmt: skip
        pages = [path(f"<int:pk>/{act}/", view(page), name=name.format(act)) for act, page in acts.items()]
        return [*pages, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        extra: dict[str, object] = {"may_approve": has_role(actor_of(request), {SLT})}
        if (
            guardianship := Guardianship.objects.select_related("contact__user")
            .filter(pk=parse_pk(object_id))
            .first()
        ):
            extra["waits"] = state_of(guardianship, portal_request(request).school.now).why_waits
            extra["has_code"] = guardianship.invitations.open().exists()
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def lock_row(self, object_id: str) -> None:
        """Lock the child before the guardianship, as joining does."""
        child = Guardianship.objects.filter(pk=parse_pk(object_id)).values("pupil")
        list(Pupil.objects.select_for_update(no_key=True).filter(pk__in=child).values_list("pk"))
        super().lock_row(object_id)

    def has_change_permission(self, request, obj=None) -> bool:
        """Refuse changes for a child of one's own; the page stays readable."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or not is_own_child(request.user, obj.pupil_id))

    def save_model(self, request, obj, form, change) -> None:
        if {"restriction", "restriction_note"} & set(form.changed_data):
            set_restriction(
                guardianship=obj,
                restriction=obj.restriction,
                note=obj.restriction_note,
                by=portal_request(request).actor,
                at=portal_request(request).school.now,
            )
        super().save_model(request, obj, form, change)

    @admin.action(description=gettext_lazy("Make codes and download the letters"), permissions=["change"])
    def make_letters(self, request, queryset):
        return letters_of_chosen(request, queryset.order_by("pupil__legal_surname", "pk"), "chosen")

    @admin.action(description=gettext_lazy("Withdraw the codes"), permissions=["change"])
    def withdraw_codes(self, request, queryset):
        withdraw_all(request, queryset)

    def _page(self, pk: int) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:classes_guardianship_change", args=[pk]))

    def _act(
        self, request: HttpRequest, pk: int, act: Callable[[Guardianship], HttpResponse]
    ) -> HttpResponse:
        """Carry out a button of the guardianship's page.

        A refusal is shown there.
        """
        guardianship = get_object_or_404(Guardianship.objects.select_related("contact", "pupil"), pk=pk)
        if request.method != "POST" or not self.has_change_permission(request, guardianship):
            return self._page(pk)
        try:
            return act(guardianship)
        except RuleViolation as violation:
            messages.error(request, violation.sentence)
            return self._page(pk)

    def letter(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._act(
            request,
            pk,
            lambda guardianship: (
                letters_of_chosen(request, Guardianship.objects.filter(pk=pk), str(guardianship.contact))
                or self._page(pk)
            ),
        )

    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        def act(guardianship: Guardianship) -> HttpResponse:
            withdraw_all(request, [guardianship])
            return self._page(pk)

        return self._act(request, pk, act)

    def end(self, request: HttpRequest, pk: int) -> HttpResponse:
        def act(guardianship: Guardianship) -> HttpResponse:
            end_guardianship(
                guardianship=guardianship,
                by=portal_request(request).actor,
                at=portal_request(request).school.now,
            )
            messages.success(
                request, _("Ended. The place is free, and nothing of this child opens for them.")
            )
            return self._page(pk)

        return self._act(request, pk, act)

    def open(self, request: HttpRequest, pk: int) -> HttpResponse:
        def act(guardianship: Guardianship) -> HttpResponse:
            fresh = open_again(guardianship=guardianship, by=portal_request(request).actor)
            messages.success(request, _("Open again. They need a new code to join."))
            return self._page(fresh.pk)

        return self._act(request, pk, act)

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Decide about a court order with one tap.

        It holds at the next request.
        """

        def act(guardianship: Guardianship) -> HttpResponse:
            form = DecideForm(request.POST)
            if form.is_valid():
                set_restriction(
                    guardianship=guardianship,
                    restriction=form.cleaned_data["restriction"],
                    note=form.cleaned_data["note"].strip() or guardianship.restriction_note,
                    by=portal_request(request).actor,
                    at=portal_request(request).school.now,
                )
                messages.success(request, _("Decided. It holds from now on."))
            return self._page(pk)

        return self._act(request, pk, act)

    def approve(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not has_role(actor_of(request), {SLT}):
            return HttpResponseRedirect(reverse("admin:classes_guardianship_changelist"))
        guardianship = get_object_or_404(Guardianship.objects.select_related("contact__user", "pupil"), pk=pk)
        form = ReasonForm(request.POST or None)
        if form.is_valid():
            try:
                return self.approved(request, guardianship, form.cleaned_data["reason"])
            except RuleViolation as violation:
                refuse(form, violation)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Approve this adult"),
            "guardianship": guardianship,
            "waits": state_of(guardianship, portal_request(request).school.now).why_waits,
            "form": form,
            "opts": self.opts,
        }
        status = 422 if form.errors else 200
        return render(request, "admin/classes/guardianship/approve.html", context, status=status)

    def approved(self, request: HttpRequest, guardianship: Guardianship, reason: str) -> HttpResponse:
        by, at = portal_request(request).actor, portal_request(request).school.now
        approve_adult(guardianship=guardianship, by=by, reason=reason, at=at)
        if guardianship.invitations.open().exists():
            messages.success(request, _("Approved. The code in their letter works now."))
        else:
            messages.success(request, _("Approved. A code can be made now."))
        return self._page(guardianship.pk)
