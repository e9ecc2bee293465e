"""The filter of the record of what was done."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.models.people import StaffMember
from malpas.lib.form_choices import set_queryset
from malpas.lib.text import clean_line
from malpas.records.names import LARGEST
from malpas.records.queries import Wanted
from malpas.records.sentences import KINDS

YEARS = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2099, 12, 31))]


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date", "class": "input input--short"}, format="%Y-%m-%d")


class FilterForm(forms.Form):
    """What somebody looks for.

    What makes no sense is taken as not said.
    """

    about = forms.CharField(label=_("Child, adult or colleague"), required=False, max_length=80)
    by = forms.ModelChoiceField(
        StaffMember.objects.none(), label=_("Done by"), required=False, empty_label=_("anybody")
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("everything")), *((name, kind.label) for name, kind in KINDS.items())],
    )
    first = forms.DateField(label=_("From"), required=False, widget=_day(), validators=YEARS)
    last = forms.DateField(label=_("Until"), required=False, widget=_day(), validators=YEARS)
    before = forms.IntegerField(required=False, min_value=1, max_value=LARGEST, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_queryset(self, "by", StaffMember.objects.all())

    def read(self) -> Wanted:
        self.is_valid()
        said = self.cleaned_data
        return Wanted(
            kind=said.get("kind") or "",
            by=said.get("by"),
            about=clean_line(said.get("about") or ""),
            first=said.get("first"),
            last=said.get("last"),
            before=said.get("before"),
        )
