"""Let SLT edit behaviours and read awards. No award changes anywhere (PU-3)."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import SLT, RoleAdmin
from accounts.http import portal_request
from points.forms import BehaviourForm
from points.models import Award, Behaviour
from points.services import save_behaviour


@admin.register(Behaviour)
class BehaviourAdmin(RoleAdmin):
    change_for = {SLT}
    form = BehaviourForm
    actions = None
    list_display = ["name_en", "name_cy", "group", "points", "order", "retired_at"]
    list_filter = ["group", ("retired_at", admin.EmptyFieldListFilter)]
    search_fields = ["name_en", "name_cy"]

    def save_model(self, request: HttpRequest, obj: Behaviour, form: BehaviourForm, change: bool) -> None:
        by, now = portal_request(request).actor, portal_request(request).school.now
        save_behaviour(obj, form.changed_data, is_retired=form.cleaned_data["retired"], by=by, at=now)


@admin.register(Award)
class AwardAdmin(RoleAdmin):
    view_for = {SLT}
    actions = None
    list_display = ["given_at", "pupil", "behaviour", "points", "classroom", "given_by", "undone"]
    list_filter = ["classroom", "behaviour__group", ("undone_at", admin.EmptyFieldListFilter)]
    list_select_related = ["pupil", "behaviour", "classroom", "given_by"]
    search_fields = [
        "pupil__preferred_forename",
        "pupil__legal_forename",
        "pupil__legal_surname",
        "pupil__surname",
    ]
    ordering = ["-given_at", "-pk"]
    date_hierarchy = "given_at"
    exclude = ["key", "account"]

    @admin.display(description=_("undone"), boolean=True)
    def undone(self, award: Award) -> bool:
        return award.undone_at is not None
