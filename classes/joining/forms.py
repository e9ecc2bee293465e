"""Take a code and a birthday."""

from django import forms
from django.utils.translation import gettext_lazy as _

from classes.joining.birthday import BirthdayField
from classes.joining.codes import normalise

UNREADABLE = "-"  # stands for no code: still looked up, so that every answer takes as long


class CodeField(forms.CharField):
    def to_python(self, value) -> str:
        typed = super().to_python(value)
        return (normalise(typed) or UNREADABLE) if typed else ""


class JoinForm(forms.Form):
    code = CodeField(
        label=_("Code"),
        help_text=_("16 letters and digits from your letter."),
        error_messages={"required": _("Please type the code from your letter.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    date_of_birth = BirthdayField(
        label=_("Your child’s date of birth"),
        help_text=_("For example 4 5 2018."),
        error_messages={"required": _("Please give your child’s date of birth.")},
    )
