"""Define the admin pages where senior leaders decide reports."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.actor import Actor, actor_of
from accounts.admin.base import SLT, RoleAdmin, parse_pk
from accounts.clock import SchoolNow
from accounts.http import portal_request
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse
from malpas.lib.posted import leads_back
from moderation import forms
from moderation.enums import DecisionKind
from moderation.models import Decision, Report
from moderation.queries import (
    WITH_PEOPLE,
    DecisionEnds,
    decision_ends,
    get_decision_for,
    get_report_for,
    history_of,
    present_snapshot,
    reports_without_words,
)
from moderation.services import decisions
from moderation.services.decisions import close, hide, remove, warn
from moderation.services.reports import mark_opened

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

NOT_SENT_AGAIN = {"csrfmiddlewaretoken", "confirmed"}
FAMILY_ACTS = {
    "hide": forms.HideForm,
    "warn": forms.WarnForm,
    "remove": forms.RemoveForm,
    "close": forms.CloseForm,
}
STAFF_ACTS = {"hide": forms.HideForm, "close": forms.ConductForm}


def acts_of(report: Report) -> dict[str, type[forms.DecisionForm]]:
    """Return the decisions that are possible, by name.

    A report about staff has outcomes of its own (AU-11).
    """
    return STAFF_ACTS if report.is_about_staff else FAMILY_ACTS


def decide(act: str, report: Report, *, by: Actor, at, answers: dict) -> Decision:
    verbs: dict[str, Callable[..., Decision]] = {"hide": hide, "close": close}
    if act in verbs:
        return verbs[act](report, by=by, at=at, **answers)
    verbs = {"warn": warn, "remove": remove}
    return verbs[act](report.author, by=by, at=at, report=report, **answers)


def actor(request: HttpRequest) -> Actor:
    """Return the senior leader at this page. Raises Http404 for everybody else."""
    found = actor_of(request)
    if found is None or not found.is_slt:
        raise Http404
    return found


class DecidedFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "decided"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> "list[tuple[str, StrPromise]]":
        return [("no", _("waits for a decision")), ("yes", _("decided"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(closed_at__isnull=self.value() == "no")


@admin.register(Report)
class ReportAdmin(RoleAdmin):
    view_for = {SLT}
    actions = None
    list_display = [
        "reason",
        "subject_name",
        "of_class",
        "reported_by",
        "made_at",
        "age",
        "closed_at",
    ]
    list_display_links = ["reason"]
    list_filter = [DecidedFilter, "category"]
    search_fields = [
        "author__name",
        "author_staff__surname",
        "reporter__name",
        "reporter_staff__surname",
    ]
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        seen = reports_without_words(actor(request)).select_related(*WITH_PEOPLE)
        waited = ExpressionWrapper(
            Coalesce(F("closed_at"), SchoolNow()) - F("made_at"), output_field=DurationField()
        )
        return seen.annotate(waited=waited)  # type: ignore[no-redef]  # declared at the model

    def get_ordering(self, request: HttpRequest) -> list:
        return list(Report.objects.by_urgency().query.order_by)

    @admin.display(description=_("reason"))
    def reason(self, report: Report) -> str:
        if not report.is_risk:
            return report.get_category_display()
        return format_html('<strong class="badge tone-dragon">{}</strong>', report.get_category_display())

    @admin.display(description=_("class"))
    def of_class(self, report: Report) -> str:
        return report.classroom

    @admin.display(description=_("about"))
    def subject_name(self, report: Report) -> str:
        return report.about

    @admin.display(description=_("reported by"))
    def reported_by(self, report: Report) -> str:
        return str(report.reporter_staff or report.reporter)

    @admin.display(description=_("waited"))
    def age(self, report: Report) -> str:
        days = report.waited.days
        return ngettext("%(days)d day", "%(days)d days", days) % {"days": days} if days else str(_("today"))

    def get_urls(self) -> list:
        act = self.admin_site.admin_view(self.decide_view)
        return [
            path("<int:report_id>/decide/<slug:act>/", act, name="moderation_report_decide"),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, object_id: str, form_url="", extra_context=None):
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return self.workspace(request, get_report_for(actor(request), parse_pk(object_id)))

    def decide_view(self, request: HttpRequest, report_id: int, act: str) -> HttpResponse:
        by = actor(request)
        report = get_report_for(by, report_id)
        if act not in acts_of(report):
            raise Http404
        if request.method != "POST":  # Back and Reload ask for the page that answered
            return leads_back(redirect("admin:moderation_report_change", report.pk))
        form = acts_of(report)[act](request.POST, auto_id=f"{act}_%s")
        if form.is_valid():
            now, answers = portal_request(request).school.now, dict(form.cleaned_data)
            asks = not answers.pop("confirmed", True)
            ends = decision_ends(by, report, act, now) if asks else None
            try:
                with transaction.atomic():
                    decision = decide(act, report, by=by, at=now, answers=answers)
                    transaction.set_rollback(
                        asks
                    )  # what would be refused is refused before it is asked about
                if ends:
                    return self.confirm(request, report, act, ends)
            except RuleViolation as violation:
                refuse(form, violation)
            else:
                messages.success(request, _("Decided: %(what)s.") % {"what": decision.get_kind_display()})
                return redirect("admin:moderation_report_change", report.pk)
        return self.workspace(request, report, {act: form})

    def confirm(self, request: HttpRequest, report: Report, act: str, ends: DecisionEnds) -> HttpResponse:
        """Ask before something ends; the button sends the form again."""
        sent = [(name, request.POST[name]) for name in request.POST if name not in NOT_SENT_AGAIN]
        context = {
            **self.admin_site.each_context(request),
            "title": _("End their access?") if act == "remove" else _("Hide it?"),
            "opts": self.opts,
            "report": report,
            "act": act,
            "ends": ends,
            "sent": sent,
        }
        return render(request, "admin/moderation/report/confirm.html", context)

    def workspace(self, request: HttpRequest, report: Report, bound: dict | None = None) -> HttpResponse:
        """Show a report's words, and record that this leader was shown them."""
        mark_opened(report, by=actor(request))
        fresh = {act: form(auto_id=f"{act}_%s") for act, form in acts_of(report).items()}
        history = list(history_of(report))
        item = report.message or report.post
        context = {
            **self.admin_site.each_context(request),
            "title": _("A report about %(name)s") % {"name": report.about},
            "opts": self.opts,
            "report": report,
            "snapshot": present_snapshot(report),
            "hidden_at": item and item.hidden_at,
            "taken_down_at": report.post and report.post.taken_down_at,
            "history": history,
            "warnings": sum(decision.kind == DecisionKind.WARNING for decision in history),
            "forms": fresh | (bound or {}),
            "form": next(iter((bound or {}).values()), None),
        }
        status = 422 if bound else 200
        return render(request, "admin/moderation/report/workspace.html", context, status=status)


@admin.register(Decision)
class DecisionAdmin(RoleAdmin):
    view_for = {SLT}
    actions = None
    list_display = ["kind", "subject", "clause", "made_by", "made_at"]
    list_select_related = ["subject", "made_by"]
    list_filter = ["kind"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        return Decision.objects.visible_to(actor(request))

    def get_urls(self) -> list:
        lift = self.admin_site.admin_view(self.lift_view)
        return [path("<int:decision_id>/lift/", lift, name="moderation_decision_lift"), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url="", extra_context=None):
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return self.page(request, get_decision_for(actor(request), parse_pk(object_id)))

    def lift_view(self, request: HttpRequest, decision_id: int) -> HttpResponse:
        by = actor(request)
        decision = get_decision_for(by, decision_id)
        if request.method != "POST":
            return leads_back(redirect("admin:moderation_decision_change", decision.pk))
        form = forms.LiftForm(request.POST)
        if form.is_valid():
            try:
                decisions.lift(
                    decision.subject, by=by, at=portal_request(request).school.now, **form.cleaned_data
                )
            except RuleViolation as violation:
                refuse(form, violation)
            else:
                messages.success(request, _("They can sign in again."))
                return redirect("admin:moderation_decision_changelist")
        return self.page(request, decision, form)

    def page(self, request: HttpRequest, decision: Decision, form=None) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": str(decision),
            "opts": self.opts,
            "decision": decision,
            "can_lift": decision.kind == DecisionKind.REMOVAL and decision.subject.removed_at,
            "form": form or forms.LiftForm(),
        }
        return render(request, "admin/moderation/decision/page.html", context, status=422 if form else 200)
