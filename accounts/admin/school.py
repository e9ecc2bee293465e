"""Show the school's row and its calendar as tables."""

from django.contrib import admin

from accounts.admin.base import OFFICE, SLT, RoleAdmin
from accounts.models.school import Closure, School, Term, WorkingHours


class CalendarAdmin(RoleAdmin):
    """Read only: the pages of the calendar change these, and say what moves."""

    view_for = {SLT, OFFICE}
    actions = None
    change_list_template = "admin/accounts/shown_list.html"
    change_form_template = "admin/accounts/shown_row.html"


@admin.register(School)
class SchoolAdmin(RoleAdmin):
    """Read only: leaders change it on the pages of setting up."""

    view_for = {SLT, OFFICE}
    actions = None


@admin.register(WorkingHours)
class WorkingHoursAdmin(CalendarAdmin):
    list_display = ["weekday", "working_start", "working_end", "teaching_start", "teaching_end"]


@admin.register(Term)
class TermAdmin(CalendarAdmin):
    list_display = ["name", "name_cy", "starts", "ends"]


@admin.register(Closure)
class ClosureAdmin(CalendarAdmin):
    list_display = ["name", "name_cy", "kind", "starts", "ends", "closes_at"]
