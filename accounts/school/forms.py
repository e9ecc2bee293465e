"""The form of the school's own names and numbers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models.school import NAMES_AND_NUMBERS, School

HINTS = {
    "short_name_en": _("For the top of each page, such as “Nant Gwyn”."),
    "short_name_cy": _("For the top of each page."),
    "office_phone": _("Families call it when something is urgent."),
    "behaviour_policy_url": _("The pages about points link to it."),
}


class NamesForm(forms.ModelForm):
    """Names in both languages, and how to reach the school."""

    class Meta:
        model = School
        fields = [*NAMES_AND_NUMBERS, "address", "behaviour_policy_url"]
        help_texts = HINTS
        widgets = {
            "address": forms.Textarea({"rows": 3}),
            "office_phone": forms.TextInput({"type": "tel", "autocomplete": "off"}),
        }
