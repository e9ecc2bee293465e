"""Validate a report of an absence (PA-13)."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django import forms
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from classes.models.pupils import Pupil
from malpas.lib.form_choices import set_choices, set_queryset
from malpas.lib.hours import SchoolHours
from messaging.enums import AbsenceReason, DayPart, Symptom
from messaging.fields import BodyField, ChildrenField, KeyField, LineField
from messaging.models.absences import Absence
from messaging.office.rules.enquiries import DAYS_AHEAD, DAYS_BACK

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


OTHER_DAY = "other"
ROW = {"class": "choices--row"}
LONGEST = timedelta(days=200)
SHEETS = timedelta(days=800)  # how far from today a sheet may be looked at
AHEAD = _("That is more than 14 days ahead. Please write to the office about a longer plan.")
LONG_AGO = _("That is more than a month ago. Please check the day.")


def day_field(label: "str | StrPromise") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput({"type": "date", "follow": True}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day like this: 16/11/2026.")},
    )


class AbsenceForm(forms.Form):
    children = ChildrenField(
        Pupil.objects.none(),
        label=_("Who is it for?"),
        widget=forms.CheckboxSelectMultiple(ROW),
        error_messages={
            "required": _("Choose who it is for."),
            "invalid_choice": _("Please choose one of your own children."),
            "invalid_pk_value": _("Please choose one of your own children."),
            "invalid_list": _("Please choose one of your own children."),
        },
    )
    first = forms.ChoiceField(
        label=_("First day of absence"),
        widget=forms.RadioSelect(ROW | {"opens": OTHER_DAY}),
        error_messages={
            "required": _("Choose the first day."),
            "invalid_choice": _("Choose the first day."),
        },
    )
    first_date = day_field(_("Which day?"))
    part = forms.ChoiceField(
        label=_("How much of the day?"),
        choices=DayPart.choices,
        initial=DayPart.WHOLE,
        widget=forms.RadioSelect(ROW),
        error_messages={
            "required": _("Choose how much of the day."),
            "invalid_choice": _("Choose how much of the day."),
        },
    )
    reason = forms.ChoiceField(
        label=_("Why?"),
        choices=[(AbsenceReason.ILL, _("Ill or hurt")), (AbsenceReason.OTHER, _("Another reason"))],
        widget=forms.RadioSelect(ROW | {"opens": AbsenceReason.ILL.value}),
        error_messages={
            "required": _("Choose why your child is absent."),
            "invalid_choice": _("Choose why your child is absent."),
        },
    )
    symptom = forms.ChoiceField(
        label=_("What is it like?"),
        choices=Symptom.choices,
        required=False,
        widget=forms.RadioSelect(ROW | {"follow": True}),
        error_messages={"invalid_choice": _("Choose one of these.")},
    )
    back = forms.ChoiceField(
        label=_("Back at school"),
        choices=[("unknown", _("Not known yet")), ("date", _("I know the day"))],
        initial="unknown",
        widget=forms.RadioSelect(ROW | {"opens": "date"}),
        error_messages={
            "required": _("Choose whether you know the day back."),
            "invalid_choice": _("Choose whether you know the day back."),
        },
    )
    back_date = day_field(_("First day back"))
    phone = LineField(
        label=_("Number to reach you that day"),
        required=False,
        max_length=30,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "class": "input--short"}),
    )
    note = BodyField(
        label=_("Anything we should know?"),
        required=False,
        help_text=_("Only what helps us on the day. We do not need a diagnosis."),
    )
    key = KeyField()

    def __init__(
        self,
        *args,
        children: list[Pupil],
        today: date,
        next_day: date | None,
        hours: SchoolHours,
        **kwargs,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.hours = today, hours
        offered = Pupil.objects.filter(pk__in=[pupil.pk for pupil in children])
        set_queryset(self, "children", offered.select_related("classroom").by_name())
        self.fields["children"].initial = [children[0].pk] if len(children) == 1 else None
        known = [(day.isoformat(), capfirst(date_format(day, "l j F"))) for day in self._offered(next_day)]
        set_choices(self, "first", [*known, (OTHER_DAY, _("Another day"))])
        self.fields["first"].initial = known[0][0] if known else OTHER_DAY

    def _offered(self, next_day: date | None) -> list[date]:
        """Return the next school day, or the one offered before.

        That is the day offered when the form was opened.
        """
        try:
            return [date.fromisoformat(self.data.get("first", ""))]
        except ValueError:
            return [next_day] if next_day else []

    def clean(self) -> dict[str, object]:
        answers = super().clean() or {}
        answers["first_day"] = self._first_day(answers)
        answers["back_on"] = self._back_on(answers)
        if answers.get("reason") != AbsenceReason.ILL:
            answers["symptom"] = ""
        elif not answers.get("symptom") and "symptom" not in self.errors:
            self.add_error("symptom", _("Choose what it is like, or ‘Rather not say’."))
        return answers

    def _first_day(self, answers: dict) -> date | None:
        chosen = answers.get("first")
        if not chosen:
            return None
        field = "first_date" if chosen == OTHER_DAY else "first"
        day = answers.get("first_date") if chosen == OTHER_DAY else date.fromisoformat(chosen)
        if day is None and field not in self.errors:
            self.add_error(field, _("Write the first day."))
        elif day and (problem := self._problem_of(day)):
            self.add_error(field, problem)
        return day

    def _problem_of(self, day: date) -> str:
        return self.day_problem(day, self.today, self.hours)

    @staticmethod
    def day_problem(day: date, today: date, hours: SchoolHours) -> str:
        """Return what is wrong with a first day of absence, or ''."""
        if (day - today).days > DAYS_AHEAD:
            return str(AHEAD)
        if (today - day).days > DAYS_BACK:
            return str(LONG_AGO)
        if not hours.is_school_day(day):
            return _("There is no school on %(day)s.") % {"day": date_format(day, "l j F")}
        return ""

    def _back_on(self, answers: dict) -> date | None:
        if answers.get("back") != "date":
            return None
        back, first = answers.get("back_date"), answers.get("first_day")
        if back is None:
            if "back_date" not in self.errors:
                self.add_error("back_date", _("Write the first day back, or choose ‘Not known yet’."))
        elif first and back <= first:
            self.add_error("back_date", _("The day back must come after the first day."))
        elif first and back - first > LONGEST:
            self.add_error("back_date", _("That is a long time ahead. Please check the year."))
        elif not self.hours.is_school_day(back) and self._known(back):
            day = date_format(back, "l j F")
            self.add_error("back_date", _("There is no school on %(day)s.") % {"day": day})
        return back

    def _known(self, day: date) -> bool:
        """Tell whether the calendar reaches this day.

        Beyond it every day would seem closed.
        """
        return any(last >= day for _first, last in self.hours.terms)


class AbsenceChangeForm(AbsenceForm):
    """Change the days and the reason of an absence; whose it is stays."""

    UNCHANGED = ("children", "phone", "note")

    def __init__(self, *args, absence: Absence, restored: dict | None = None, **kwargs) -> None:
        self.begun = absence.first_day
        initial = self._facts_of(absence) | (restored or {})
        super().__init__(*args, initial=initial, children=[], next_day=None, **kwargs)
        for name in self.UNCHANGED:
            del self.fields[name]

    @staticmethod
    def _facts_of(absence: Absence) -> dict[str, object]:
        return {
            "part": absence.part,
            "reason": absence.reason,
            "symptom": absence.symptom,
            "back": "date" if absence.back_on else "unknown",
            "back_date": absence.back_on,
        }

    def _problem_of(self, day: date) -> str:
        return "" if day == self.begun else super()._problem_of(day)

    def _offered(self, next_day: date | None) -> list[date]:  # noqa: ARG002  # the day that was told comes first
        return [self.begun]


class SheetForm(forms.Form):
    """Read the day whose sheet somebody looks at.

    Today where none is written.
    """

    day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day like this: 16/11/2026.")},
    )

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self) -> date:
        day = self.cleaned_data["day"] or self.today
        if abs(day - self.today) > SHEETS:
            raise forms.ValidationError(_("That is a long time ahead or ago. Please check the year."))
        return day

    @property
    def chosen(self) -> date:
        """Return the day, today where it is invalid."""
        self.is_valid()
        return self.cleaned_data.get("day") or self.today
