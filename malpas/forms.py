"""Forms of the portal as a whole."""

from django import forms

from accounts.enums import Language


class LanguageForm(forms.Form):
    language = forms.ChoiceField(choices=Language.choices)
