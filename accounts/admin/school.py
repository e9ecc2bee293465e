"""Admin pages of the school's row and calendar."""

from django.contrib import admin

from accounts.admin.base import OFFICE, SLT, CalendarAdmin, RoleAdmin
from accounts.admin.forms import SchoolForm
from accounts.models.school import Closure, School, Term, WorkingHours


@admin.register(School)
class SchoolAdmin(RoleAdmin):
    view_for = change_for = {SLT, OFFICE}
    add_for = set()
    form = SchoolForm


@admin.register(WorkingHours)
class WorkingHoursAdmin(CalendarAdmin):
    list_display = ["weekday", "working_start", "working_end", "teaching_start", "teaching_end"]

    def has_delete_permission(self, request, obj=None) -> bool:
        """Refuse the last day with school, as the service does."""
        is_last = obj is not None and not WorkingHours.objects.exclude(pk=obj.pk).exists()
        return super().has_delete_permission(request, obj) and not is_last


@admin.register(Term)
class TermAdmin(CalendarAdmin):
    list_display = ["name", "starts", "ends"]


@admin.register(Closure)
class ClosureAdmin(CalendarAdmin):
    list_display = ["name", "kind", "starts", "ends", "closes_at"]
