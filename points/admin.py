"""Let SLT edit behaviours and read awards. No award changes anywhere (PU-3)."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.admin.base import SLT, RoleAdmin
from accounts.http import portal_request
from points.forms import BehaviourForm
from points.models import Award, Behaviour


@admin.register(Behaviour)
class BehaviourAdmin(RoleAdmin):
    change_for = {SLT}
    form = BehaviourForm
    actions = None
    list_display = ["name_en", "name_cy", "group", "points", "order", "retired_at"]
    list_filter = ["group", ("retired_at", admin.EmptyFieldListFilter)]
    search_fields = ["name_en", "name_cy"]
    also_saved = ("retired_at",)

    def save_model(self, request: HttpRequest, obj: Behaviour, form: BehaviourForm, change: bool) -> None:
        if form.cleaned_data["retired"] != (obj.retired_at is not None):
            obj.retired_at = portal_request(request).school.now if form.cleaned_data["retired"] else None
        super().save_model(request, obj, form, change)


@admin.register(Award)
class AwardAdmin(RoleAdmin):
    view_for = {SLT}
    actions = None
    list_display = ["given_at", "pupil", "behaviour", "points", "classroom", "given_by", "undone"]
    list_filter = ["classroom", "behaviour__group", ("undone_at", admin.EmptyFieldListFilter)]
    list_select_related = ["pupil", "behaviour", "classroom", "given_by"]
    ordering = ["-given_at", "-pk"]
    date_hierarchy = "given_at"
    exclude = ["key", "account"]

    @admin.display(description=_("undone"), boolean=True)
    def undone(self, award: Award) -> bool:
        return award.undone_at is not None
