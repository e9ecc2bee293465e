"""Manage a class: who has joined, letters, pending decisions."""

from uuid import uuid4

from django.contrib import admin, messages
from django.contrib.admin import site
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.admin.base import parse_pk
from accounts.http import portal_request
from classes.admin.base import JoiningAdmin
from classes.class_account.services import change_class_staff
from classes.forms import ChosenForm, StateFilterForm
from classes.guardianship.queries import orders_to_decide
from classes.joining.invitations import withdraw_invitation
from classes.joining.queries import (
    class_states,
    filter_states,
    guardianships_to_invite,
    ready_and_waiting,
    skipped_adults,
    waiting_counts,
)
from classes.letters.drawing import letters_answer, letters_of_key
from classes.models.classrooms import Classroom
from classes.models.pupils import pupil_here
from classes.rules import EndsOthers
from malpas.lib.errors import RuleViolation


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

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("letters/", view(self.letters), name="classes_classroom_all_letters"),
            path("<int:pk>/letters/", view(self.letters), name="classes_classroom_letters"),
            path("<int:pk>/chosen/", view(self.chosen), name="classes_classroom_chosen"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        extra = {
            "key": uuid4(),
            "waiting": waiting_counts(None),
            "orders": orders_to_decide(None),
            "skipped": skipped_adults(None),
        }
        return super().changelist_view(request, {**(extra_context or {}), **extra})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        classroom = Classroom.objects.filter(pk=parse_pk(object_id)).first()
        state = StateFilterForm(request.GET).read()
        rows = class_states(classroom, portal_request(request).school.now) if classroom else []
        extra = {
            "rows": filter_states(rows, state),
            "state": state,
            "states": StateFilterForm.STATE_FILTERS,
            "key": uuid4(),
            "waiting": waiting_counts(classroom),
            "orders": orders_to_decide(classroom),
            "skipped": skipped_adults(classroom) if classroom else [],
        }
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def save_related(self, request, form, formsets, change) -> None:
        change_class_staff(
            form.instance,
            form.cleaned_data["staff"],
            by=portal_request(request).actor,
            at=portal_request(request).school.now,
        )

    def _back(self, pk: int | None) -> HttpResponseRedirect:
        to = reverse("admin:classes_classroom_change", args=[pk]) if pk else None
        return HttpResponseRedirect(to or reverse("admin:classes_classroom_changelist"))

    def letters(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Make letters for everybody who has not joined.

        Of a class or of the school. Or only for those without a code.
        """
        classroom = get_object_or_404(Classroom, pk=pk) if pk else None
        if request.method != "POST" or not self.has_change_permission(request, classroom):
            return self._back(pk)
        if found := letters_of_key(request):  # a repeated form gets the same answer
            return found
        guardianships = list(guardianships_to_invite(classroom, without_code="without_code" in request.POST))
        try:
            answer = letters_answer(request, guardianships, classroom.name if classroom else "school")
        except EndsOthers as violation:
            return confirm_ends(request, violation, self._back(pk).url)
        if answer is None:
            messages.info(request, _("Everybody has joined, has a code, or waits for your decision."))
        return answer or self._back(pk)

    def chosen(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make codes and letters for the ticked adults, or withdraw their codes."""
        classroom = get_object_or_404(Classroom, pk=pk)
        form = ChosenForm(request.POST, classroom=classroom)
        if request.method != "POST" or not self.has_change_permission(request, classroom):
            return self._back(pk)
        if not form.is_valid():
            messages.warning(request, _("Please tick somebody first."))
            return self._back(pk)
        if "withdraw" in request.POST:
            withdraw_all(request, form.cleaned_data["guardianship"])
            return self._back(pk)
        return letters_of_chosen(request, form.cleaned_data["guardianship"], classroom.name) or self._back(pk)


def confirm_ends(request: HttpRequest, violation: EndsOthers, back: str) -> HttpResponse:
    """Ask before codes end.

    The button sends the form again with the number shown.
    """
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", "ends")
    ]
    if "key" not in request.POST:
        sent.append(("key", str(uuid4())))
    said = ngettext(
        "This ends %(number)s letter printed in the last 14 days: its code opens nothing any more.",
        "This ends %(number)s letters printed in the last 14 days: their codes open nothing any more.",
        violation.number,
    )
    again = "ends" in request.POST
    context = {
        "title": _("Print these letters anew?"),
        "said": said % {"number": violation.number},
        "ends": violation.number,
        "sent": sent,
        "again": again,
        "back": back,
        **site.each_context(request),
    }
    return render(request, "admin/classes/confirm_ends.html", context, status=409 if again else 200)


def letters_of_chosen(request: HttpRequest, guardianships, name: str) -> HttpResponse | None:
    """Return letters for adults chosen by hand, contact-only ones too.

    Adults whose code a leader has to approve are skipped and named. A refusal is shown, and nothing done.
    """
    ready, skipped = ready_and_waiting(guardianships)
    for one in skipped:
        said = _("No code for %(adult)s (%(child)s): %(why)s")
        messages.warning(
            request,
            said % {"adult": one.guardianship.contact, "child": one.guardianship.pupil, "why": one.why},
        )
    try:
        return letters_answer(request, ready, name, by_hand=True)
    except EndsOthers as violation:
        return confirm_ends(request, violation, request.path)
    except RuleViolation as violation:
        messages.error(request, violation.sentence)
        return None


def withdraw_all(request: HttpRequest, guardianships) -> None:
    by, at = portal_request(request).actor, portal_request(request).school.now
    count = 0
    for guardianship in guardianships:
        count += withdraw_invitation(guardianship=guardianship, by=by, at=at)
    said = ngettext("%(count)s code was withdrawn.", "%(count)s codes were withdrawn.", count)
    messages.success(request, said % {"count": count})
