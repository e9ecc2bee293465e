"""Show classes with how many of their children have somebody who joined."""

from django.contrib import admin
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy

from accounts.admin.base import OFFICE, SLT, RoleAdmin, parse_pk
from classes.models.classrooms import Classroom
from classes.models.pupils import pupil_here


@admin.register(Classroom)
class ClassroomAdmin(RoleAdmin):
    """Show classes read only: their own page changes name and staff."""

    view_for = {SLT, OFFICE}
    list_display = ["name", "children", "joined", "not_joined"]
    fields = ["name", "account", "staff"]
    search_fields = ["name"]

    def get_queryset(self, request):
        here = pupil_here("pupils__")
        has_access = here & Q(pupils__guardianships__ended_at__isnull=True)
        joined = has_access & Q(pupils__guardianships__joined_at__isnull=False)
        return (
            super()
            .get_queryset(request)
            .annotate(
                number=Count("pupils", filter=here, distinct=True),
                with_adult=Count("pupils", filter=joined, distinct=True),
            )
        )

    @admin.display(description=gettext_lazy("children"))
    def children(self, classroom) -> int:
        return classroom.number

    @admin.display(description=gettext_lazy("joined"))
    def joined(self, classroom) -> int:
        return classroom.with_adult

    @admin.display(description=gettext_lazy("nobody yet"))
    def not_joined(self, classroom) -> int:
        return classroom.number - classroom.with_adult

    def change_view(self, request, object_id, form_url="", extra_context=None):
        get_object_or_404(Classroom, pk=parse_pk(object_id))
        return super().change_view(request, object_id, form_url, extra_context)
