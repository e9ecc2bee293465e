"""Let two senior leaders change the governor, in the admin (PA-7)."""

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from accounts.actor import Actor, actor_of
from accounts.enums import GovernorChangeState
from accounts.http import portal_request
from accounts.leadership.governor import confirm_change, may_take_part, propose_change, withdraw_change
from accounts.leadership.governor_forms import DecisionForm, ProposalForm
from accounts.models.governor import GovernorChange
from accounts.models.people import StaffMember
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse


def _open_changes(member: StaffMember):
    found = GovernorChange.objects.filter(staff=member, state=GovernorChangeState.OPEN)
    return found.select_related("proposed_by")


class GovernorChanges(admin.ModelAdmin):
    """Add the governor page to the admin of members of staff."""

    def get_urls(self) -> list:
        page = self.admin_site.admin_view(self.governor)
        return [path("<int:pk>/governor/", page, name="accounts_staffmember_governor"), *super().get_urls()]

    def change_view(self, request: HttpRequest, object_id: str, form_url="", extra_context=None):
        actor, member = actor_of(request), self.get_object(request, object_id)
        may = bool(actor and actor.is_slt and member and member.user_id and not member.is_head)
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), "may_change_governor": may}
        )

    def governor(self, request: HttpRequest, pk: int) -> HttpResponse:
        by = actor_of(request)
        if by is None or not by.is_slt:
            raise Http404
        found = StaffMember.objects.select_related("user").filter(user__isnull=False).here()
        member = get_object_or_404(found, pk=pk, is_head=False)
        if request.method == "POST" and "change" in request.POST:
            return self._decide(request, member, by)
        form = ProposalForm(request.POST or None, member=member)
        if form.is_valid():
            try:
                propose_change(member, **form.cleaned_data, by=by, at=portal_request(request).school.now)
            except RuleViolation as violation:
                refuse(form, violation)
            else:
                messages.success(request, _("Proposed. It happens when another senior leader confirms it."))
                return redirect("admin:accounts_staffmember_governor", pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("The governor: %(name)s") % {"name": member},
            "opts": self.opts, "member": member, "form": form, "changes": _open_changes(member), "me": by.staff,
            "may_take_part": may_take_part(by, member, at=portal_request(request).school.now),
        }  # fmt: skip
        status = 422 if request.method == "POST" else 200
        return render(request, "admin/accounts/staffmember/governor.html", context, status=status)

    def _decide(self, request: HttpRequest, member: StaffMember, by: Actor) -> HttpResponse:
        form = DecisionForm(request.POST)
        if not form.is_valid():
            raise Http404
        change = get_object_or_404(_open_changes(member), pk=form.cleaned_data["change"])
        try:
            if form.cleaned_data["confirm"]:
                confirm_change(change, by=by, at=portal_request(request).school.now)
                messages.success(request, _("Done. The governor is told by e-mail."))
            else:
                withdraw_change(change, by=by, at=portal_request(request).school.now)
                messages.success(request, _("Withdrawn."))
        except RuleViolation as violation:
            messages.error(request, violation.sentence)
        return redirect("admin:accounts_staffmember_governor", member.pk)
