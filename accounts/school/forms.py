"""The forms of the school's own names and numbers, and of its limits."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models.school import NAMES_AND_NUMBERS, School

HINTS = {
    "short_name_en": _("For the top of each page, such as “Nant Gwyn”."),
    "short_name_cy": _("For the top of each page."),
    "office_phone": _("Families call it when something is urgent."),
    "behaviour_policy_url": _("The pages about points link to it."),
}


class StagesField(forms.Field):
    """Three numbers of school days, one for each stage of a complaint.

    `5, 10, 15`.
    """

    WRONG = _("Write three whole numbers from 1 to 60 with commas between them, such as 5, 10, 15.")

    def to_python(self, value: object) -> list[int] | str:
        parts = [part.strip() for part in str(value or "").split(",")]
        if parts == [""]:
            return ""
        days = [int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) < 3]
        if len(parts) != 3 or len(days) != 3 or not all(1 <= day <= 60 for day in days):
            raise forms.ValidationError(self.WRONG)
        return days

    def prepare_value(self, value: object) -> object:
        return ", ".join(map(str, value)) if isinstance(value, list) else value


class SchoolForm(forms.ModelForm):
    """Columns of the school's row: only what somebody changes on the page is saved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in self.fields.values():
            each.show_hidden_initial = True


class NamesForm(SchoolForm):
    """Names in both languages, and how to reach the school."""

    class Meta:
        model = School
        fields = [*NAMES_AND_NUMBERS, "address", "behaviour_policy_url"]
        help_texts = HINTS
        widgets = {
            "address": forms.Textarea({"rows": 3}),
            "office_phone": forms.TextInput({"type": "tel", "autocomplete": "off"}),
        }


class LimitsForm(SchoolForm):
    """How much a parent may write in an hour, and how long a complaint may take."""

    field_order = ["messages_an_hour", "complaint_days"]
    complaint_days = StagesField(
        label=_("School days for each stage of a complaint"),
        help_text=_(
            "How many school days the answer to a complaint may take at stage 1, 2 and 3, such as 5, 10, 15."
        ),
        error_messages={"required": StagesField.WRONG},
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    class Meta:
        model = School
        fields = ["messages_an_hour", "complaint_days"]
        labels = {"messages_an_hour": _("Messages of one parent in an hour")}
        help_texts = {"messages_an_hour": _("From 1 to 500. Nobody normally reaches 20.")}

    def values(self) -> dict[str, Any]:
        """Return what was changed on the page."""
        return {name: self.cleaned_data[name] for name in self.changed_data}
