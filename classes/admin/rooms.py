"""Show classes with how many of their children have somebody who joined."""

from django.contrib import admin
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy

from accounts.admin.base import parse_pk
from accounts.http import portal_request
from classes.admin.base import JoiningAdmin
from classes.class_account.services import change_class_staff
from classes.models.classrooms import Classroom
from classes.models.pupils import pupil_here


@admin.register(Classroom)
class ClassroomAdmin(JoiningAdmin):
    list_display = ["name", "children", "joined", "not_joined"]
    fields = ["name", "account", "staff"]
    readonly_fields = ["account"]
    filter_horizontal = ["staff"]
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

    def save_related(self, request, form, formsets, change) -> None:
        change_class_staff(
            form.instance,
            form.cleaned_data["staff"],
            by=portal_request(request).actor,
            at=portal_request(request).school.now,
        )
