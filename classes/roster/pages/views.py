"""Bring a roster.

Upload, look at what it would change, take it in, undo it.
"""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actor import Actor
from accounts.gates import access
from accounts.http import PortalRequest
from classes.enums import RosterState
from classes.models.rosters import RosterColumn, RosterImport
from classes.roster.layouts.table import ColumnsMissing, Table
from classes.roster.matching.perhaps_same import pairs_to_ask
from classes.roster.pages.forms import ApplyForm, ColumnsForm, RosterFileForm, SameForm
from classes.roster.pages.overview import figures_of, named_columns, overview
from classes.roster.plan import Plan, make_plan
from classes.roster.reading import read_table
from classes.roster.refusals import RosterChanged
from classes.roster.report import correction_sentence
from classes.roster.undo import Use, answers_of, orders_of, undo_import, uses_of
from classes.roster.uploads import (
    apply_upload,
    decide_same,
    discard_upload,
    forget_column,
    keep_upload,
    known_columns,
    name_columns,
)
from classes.rules import may_run_joining
from malpas.lib.errors import RuleViolation
from malpas.lib.htmx import refuse


def _check_right(actor: Actor) -> None:
    if not may_run_joining(actor):
        raise Http404


def get_upload_for(actor: Actor, key: UUID) -> RosterImport:
    """Return what this actor uploaded under this key. Raises Http404."""
    _check_right(actor)
    return get_object_or_404(RosterImport, uploaded_by=actor.user, key=key)


def _today(request: PortalRequest) -> date:
    return timezone.localdate(request.school.now)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def roster(request: PortalRequest) -> HttpResponse:
    _check_right(request.actor)
    form = RosterFileForm(request.POST or None, request.FILES or None, today=_today(request))
    if request.method == "POST" and form.is_valid():
        try:
            if form.table is not None:
                make_plan(form.table, _today(request))
        except RuleViolation as violation:
            form.add_error("file", violation.sentence)
        else:
            file, key = form.cleaned_data["file"], form.cleaned_data["key"]
            row = keep_upload(data=form.data_of_file, name=file.name, key=key, by=request.actor)
            return redirect("roster_check", row.key)
    return render(
        request,
        "classes/roster/upload.html",
        {
            "form": form,
            "waiting": RosterImport.objects.waiting_of(request.user).defer("file").first(),
            "last": _last(),
            "columns": named_columns(),
            "asked": pairs_to_ask(),
        },
        status=422 if form.errors else 200,
    )


def _last() -> dict | None:
    rows = (
        RosterImport.objects.exclude(state=RosterState.WAITING).defer("file").order_by("-applied_at", "-pk")
    )
    last = rows.select_related("uploaded_by").first()
    return {"row": last, "figures": figures_of(last.figures)} if last else None


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def roster_check(request: PortalRequest, key: UUID) -> HttpResponse:
    """Show what the waiting file would change, and take it in."""
    upload = get_upload_for(request.actor, key)
    if upload.state != RosterState.WAITING:
        messages.info(request, _("This file was taken in already."))
        return redirect("roster")
    if not RosterImport.objects.waiting_of(request.user).filter(pk=upload.pk).exists():
        messages.warning(
            request, _("The file waited for more than a day and was deleted. Please upload it again.")
        )
        return redirect("roster")
    try:
        table = read_table(bytes(upload.file or b""), known_columns(), today=_today(request))
        plan = make_plan(table, _today(request), same=upload.same, same_classes=upload.same_classes)
    except ColumnsMissing:
        return redirect("roster_columns", upload.key)
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
        return redirect("roster")
    form = ApplyForm(request.POST or None, plan=plan)
    if request.method == "POST" and form.data.get("seen") != plan.digest:
        form = ApplyForm(_looked_again(request, plan), plan=plan)
        form.add_error(None, RosterChanged.sentence)
    elif request.method == "POST" and form.is_valid() and _applied(request, upload, form):
        return redirect("roster")
    return _check_page(request, upload, table, plan, form)


def _looked_again(request: PortalRequest, plan: Plan) -> QueryDict:
    """Return what was ticked, for the new plan.

    How many are missing is ticked anew.
    """
    data = request.POST.copy()
    data["seen"] = plan.digest
    data.pop("missing", None)
    return data


def _applied(request: PortalRequest, upload: RosterImport, form: ApplyForm) -> bool:
    try:
        done = apply_upload(
            upload=upload,
            seen=form.cleaned_data["seen"],
            accept_missing=bool(form.cleaned_data.get("missing")),
            chosen=form.chosen,
            by=request.actor,
            today=_today(request),
        )
    except RuleViolation as violation:
        refuse(form, violation)
        return False
    if done.undo is None:
        messages.info(request, _("There was nothing new in the file."))
    else:
        messages.success(request, _("Taken in. Nobody was invited and nobody was removed by this."))
    return True


def _check_page(
    request: PortalRequest, upload: RosterImport, table: Table, plan: Plan, form: ApplyForm
) -> HttpResponse:
    context = {
        "upload": upload,
        "plan": plan,
        "form": form,
        "figures": figures_of(plan.figures),
        "sections": overview(plan, table),
        "corrections": [(correction_sentence(each), form.of(each)) for each in form.corrections],
        "more_corrections": len(plan.corrections) - len(form.corrections),
    }
    return render(request, "classes/roster/check.html", context, status=422 if form.errors else 200)


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def roster_columns(request: PortalRequest, key: UUID) -> HttpResponse:
    """Ask what the columns are that are not read.

    The answers stay for the next file.
    """
    upload = get_upload_for(request.actor, key)
    missing, unread, beside = "", [], True
    try:
        table = read_table(bytes(upload.file or b""), known_columns())
        unread, beside = table.unread, table.names_adults_beside
    except ColumnsMissing as violation:
        missing, unread = str(violation.sentence), violation.unread
    except RuleViolation as violation:
        messages.warning(request, violation.sentence)
        return redirect("roster")
    form = ColumnsForm(request.POST or None, unread=unread, beside=beside)
    if request.method == "POST" and form.is_valid():
        name_columns(fields=form.named, by=request.actor)
        return redirect("roster_check", upload.key)
    context = {"upload": upload, "form": form, "missing": missing}
    return render(request, "classes/roster/columns.html", context, status=422 if form.errors else 200)


@access()
@require_POST
def roster_column_forget(request: PortalRequest, pk: int) -> HttpResponse:
    _check_right(request.actor)
    forget_column(column=get_object_or_404(RosterColumn, pk=pk), by=request.actor)
    messages.info(request, _("Forgotten. The next file asks what this column is."))
    return redirect("roster")


@access()
@require_POST
def roster_same(request: PortalRequest, key: UUID) -> HttpResponse:
    """Keep whether people under another id are the same, and show the plan again."""
    upload, form = get_upload_for(request.actor, key), SameForm(request.POST)
    if form.is_valid():
        decide_same(upload=upload, **form.cleaned_data, by=request.actor)
    return redirect("roster_check", upload.key)


@access()
@require_POST
def roster_discard(request: PortalRequest, key: UUID) -> HttpResponse:
    discard_upload(upload=get_upload_for(request.actor, key), by=request.actor)
    messages.info(request, _("Nothing was changed. The file is gone from here."))
    return redirect("roster")


@access()
@require_http_methods(["GET", "HEAD", "POST"])
def roster_undo(request: PortalRequest, pk: int) -> HttpResponse:
    """Show what undoing an import would put back, or who stops it, and do it."""
    _check_right(request.actor)
    done = get_object_or_404(RosterImport.objects.exclude(state=RosterState.WAITING), pk=pk)
    uses: list[Use] = []
    refused = ""
    if request.method == "POST":
        try:
            undo_import(done=done, by=request.actor, at=request.school.now)
        except RuleViolation as violation:
            refused, uses = str(violation.sentence), getattr(violation, "uses", [])
        else:
            messages.success(request, _("Undone. Everything is as it was before this file."))
            return redirect("roster")
    elif done.undo is None:
        return redirect("roster")
    else:
        uses = uses_of(done)
    context = {
        "done": done,
        "uses": uses,
        "orders": orders_of(done),
        "answers": answers_of(done),
        "refused": refused,
        "figures": figures_of(done.figures),
    }
    return render(request, "classes/roster/undo.html", context, status=409 if refused else 200)
