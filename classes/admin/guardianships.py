"""Show guardianships as a table: state, code, restriction, approvals."""

from django.contrib import admin
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import OFFICE, SLT, RoleAdmin
from accounts.http import portal_request
from classes.enums import JoiningState
from classes.joining.queries import guardianships_in_state, state_of
from classes.models.guardianships import Guardianship
from classes.models.joining import SlotApproval


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("order", _("court order: decide now")), ("waiting", _("not joined")), *JoiningState.choices]

    def queryset(self, request, queryset):
        state = self.value()
        return guardianships_in_state(queryset, state) if state else queryset


@admin.register(Guardianship)
class GuardianshipAdmin(RoleAdmin):
    """Read only: its acts have pages of their own, which ask and keep the history."""

    view_for = {SLT, OFFICE}
    actions = None
    list_display = ["contact", "pupil", "room", "relationship", "suggestion", "restriction", "joined_at"]
    list_filter = [StateFilter, "restriction", "suggestion", "pupil__classroom"]
    list_select_related = ["contact", "pupil__classroom"]
    search_fields = [
        "contact__surname",
        "contact__forename",
        "pupil__legal_surname",
        "pupil__surname",
        "pupil__preferred_forename",
    ]
    fields = [
        "contact", "pupil", "state", "relationship", "priority", "parental_responsibility", "court_order_text",
        "suggestion", "code_approval", "approval_reason", "restriction", "restriction_note",
    ]  # fmt: skip

    @admin.display(description=gettext_lazy("class"), ordering="pupil__classroom__name")
    def room(self, guardianship) -> str:
        return str(guardianship.pupil.classroom or "")

    @admin.display(description=gettext_lazy("state"))
    def state(self, guardianship) -> str:
        return state_of(guardianship, guardianship.seen_at).label

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
