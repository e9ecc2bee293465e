"""Forms for closing school, a term, and days without school."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.calendar.days import ClosesOutsideHours, check_early
from accounts.calendar.hours import school_hours
from accounts.models.school import LAST_BEFORE_FIRST, Closure, Term
from malpas.lib.text import clean_line


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date", "class": "input input--short"}, format="%Y-%m-%d")


def _time() -> forms.TimeInput:
    return forms.TimeInput({"type": "time", "class": "input input--short"}, format="%H:%M")


class LineField(forms.CharField):
    """One line; what shows nothing counts as empty."""

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class EarlyMixin(forms.BaseForm):
    """Say beside the field why school cannot close at this time."""

    def check_time(self, first: date | None) -> None:
        closes_at = self.cleaned_data.get("closes_at")
        if first is None or closes_at is None:
            return
        try:
            check_early(first, closes_at, school_hours())
        except ClosesOutsideHours as violation:
            self.add_error("closes_at", violation.sentence)


class ClosingForm(EarlyMixin, forms.Form):
    """Why school is closed, in both languages, and when."""

    name = LineField(
        label=_("Why, in English"),
        max_length=80,
        help_text=_("Families read it on every page, such as Snow."),
    )
    name_cy = LineField(label=_("Why, in Welsh"), max_length=80, help_text=_("Such as Eira."))
    first = forms.DateField(label=_("First day"), widget=_day())
    last = forms.DateField(
        label=_("Last day"), required=False, widget=_day(), help_text=_("Leave it empty for one day.")
    )
    closes_at = forms.TimeField(
        label=_("School closes at"),
        required=False,
        widget=_time(),
        help_text=_(
            "Only if the children still come that day. Leave it empty when there is no school at all."
        ),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        if first and last and last < first:
            self.add_error("last", LAST_BEFORE_FIRST)
        self.check_time(first)
        return found

    def closing(self) -> dict[str, Any]:
        """Return what the service takes."""
        return self.cleaned_data | {"last": self.cleaned_data["last"] or self.cleaned_data["first"]}


class DaysForm(forms.ModelForm):
    """Days of the calendar; of a change only what was changed on the page is saved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in self.fields.values():
            each.show_hidden_initial = self.instance.pk is not None

    def values(self) -> dict[str, Any]:
        names = self.changed_data if self.instance.pk else list(self.fields)
        return {name: self.cleaned_data[name] for name in names}


class TermForm(DaysForm):
    class Meta:
        model = Term
        fields = ["name", "name_cy", "starts", "ends"]
        field_classes = {"name": LineField, "name_cy": LineField}
        widgets = {"starts": _day(), "ends": _day()}
        labels = {"name_cy": _("Name in Welsh")}
        help_texts = {"name_cy": _("Such as Tymor yr hydref 2026. Left empty, the English one stands there.")}


class ClosureForm(EarlyMixin, DaysForm):
    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if {"starts", "closes_at"} & set(self.changed_data):
            self.check_time(found.get("starts"))
        return found

    class Meta:
        model = Closure
        fields = ["kind", "name", "name_cy", "starts", "ends", "closes_at"]
        field_classes = {"name": LineField, "name_cy": LineField}
        widgets = {"starts": _day(), "ends": _day(), "closes_at": _time()}
        labels = {"name_cy": _("Name in Welsh")}
        help_texts = {"name_cy": _("Where it differs, such as Hanner tymor.")}
