"""Pages of the classes: the list, a class, its account, its end."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.gates import access
from accounts.http import PortalRequest
from accounts.staff.pages.overview import get_staff_for
from classes.class_account.services import change_class_staff, change_classes_of
from classes.classrooms.forms import AccountForm, ClassesOfForm, ClassForm, NameForm, RetireForm
from classes.classrooms.queries import class_rows, get_class_for
from classes.classrooms.services import (
    RetirementUnconfirmed,
    add_class,
    give_class_account,
    remove_class,
    rename_class,
    reopen_class,
    retire_class,
)
from classes.models.classrooms import Classroom
from classes.rules import may_open_classes, may_run_joining
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse
from malpas.lib.posted import posted_from


def _leader(request: PortalRequest) -> None:
    if not may_open_classes(request.actor):
        raise PermissionDenied


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def classes(request: PortalRequest) -> HttpResponse:
    if not may_run_joining(request.actor):
        raise Http404
    form = NameForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = add_class(form.cleaned_data["name"], by=request.actor)
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            return redirect("classroom", made.pk)
    rows = class_rows()
    context = {
        "form": form,
        "rows": [row for row in rows if not row.is_retired],
        "retired": [row for row in rows if row.is_retired],
    }
    return render(request, "classes/classrooms/list.html", context, status=422 if form.errors else 200)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def classroom(request: PortalRequest, pk: int) -> HttpResponse:
    """Show a class; save its name and staff."""
    room = get_class_for(request.actor, pk)
    form = ClassForm(request.POST if request.method == "POST" else None, classroom=room)
    if form.is_valid():
        try:
            rename_class(room, form.cleaned_data["name"], by=request.actor)
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            change_class_staff(room, form.cleaned_data["staff"], by=request.actor, at=request.school.now)
            messages.success(request, _("Changed."))
            return redirect("classroom", pk)
    return _page(request, room, form=form)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def staff_classes(request: PortalRequest, pk: int) -> HttpResponse:
    """Choose the classes for which one member of staff works."""
    member = get_staff_for(request.actor, pk)
    form = ClassesOfForm(request.POST if request.method == "POST" else None, staff=member)
    if form.is_valid():
        try:
            change_classes_of(member, **form.changes(), by=request.actor, at=request.school.now)
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            messages.success(request, _("Changed."))
            return redirect("staff_member", pk)
    context = {"form": form, "member": member}
    status = 422 if form.errors else 200
    return render(request, "classes/classrooms/staff_classes.html", context, status=status)


def _page(request: PortalRequest, room: Classroom, **forms) -> HttpResponse:
    shown = {"form": ClassForm(classroom=room), "account_form": AccountForm(), **forms}
    context = {**shown, "row": class_rows(room.pk)[0], "may_open": may_open_classes(request.actor)}
    status = 422 if any(form.errors for form in shown.values()) else 200
    return render(request, "classes/classrooms/classroom.html", context, status=status)


@access()
@posted_from("classroom")
def classroom_account(request: PortalRequest, pk: int) -> HttpResponse:
    room = get_class_for(request.actor, pk)
    _leader(request)
    form = AccountForm(request.POST)
    if form.is_valid():
        try:
            account = give_class_account(room, form.cleaned_data["address"], by=request.actor)
        except RuleViolation as violation:
            refuse(form, violation)
        else:
            known = {"address": account.email}
            messages.success(
                request, _("A link to choose the password is on its way to %(address)s.") % known
            )
            return redirect("classroom", pk)
    return _page(request, room, account_form=form)


@access()
@posted_from("classroom")
def classroom_retire(request: PortalRequest, pk: int) -> HttpResponse:
    """Say in numbers what ends.

    The button of that page sends those numbers.
    """
    room = get_class_for(request.actor, pk)
    _leader(request)
    confirmed = RetireForm(request.POST).confirmed()
    try:
        retire_class(room, by=request.actor, at=request.school.now, ends=confirmed)
    except RetirementUnconfirmed as ends:
        context = {"classroom": room, "ends": ends, "again": confirmed is not None}
        status = 409 if confirmed is not None else 200
        return render(request, "classes/classrooms/retire.html", context, status=status)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
        return redirect("classroom", pk)
    messages.success(request, _("%(name)s is retired. It stays in the records.") % {"name": room})
    return redirect("classes")


@access()
@require_POST
def classroom_reopen(request: PortalRequest, pk: int) -> HttpResponse:
    room = get_class_for(request.actor, pk)
    _leader(request)
    try:
        reopen_class(room, by=request.actor)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
    return redirect("classroom", pk)


@access()
@require_POST
def classroom_remove(request: PortalRequest, pk: int) -> HttpResponse:
    room = get_class_for(request.actor, pk)
    _leader(request)
    try:
        remove_class(room, by=request.actor)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
        return redirect("classroom", pk)
    return redirect("classes")
