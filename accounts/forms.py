from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Language
from accounts.models import StaffMember
from malpas.lib.pins import OBVIOUS, is_obvious


class LanguageForm(forms.Form):
    language = forms.ChoiceField(choices=Language.choices)


class AcceptTermsForm(forms.Form):
    number = forms.IntegerField(widget=forms.HiddenInput)
    agree = forms.BooleanField(
        label=_("I have read the terms and agree to them."),
        error_messages={"required": _("Please tick the box to agree, or sign out.")},
    )


class EndDevicesForm(forms.Form):
    """One device by its number, or all the others."""

    device = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    others = forms.BooleanField(required=False)


class StaffForm(forms.ModelForm):
    """SLT's form for a member of staff; a PIN can be given anew, and is never shown (TE-2)."""

    new_pin = forms.RegexField(
        r"^[0-9]{4,8}$",
        label=_("New PIN"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "inputmode": "numeric"}),
        help_text=_("With it they say who they are at a class account. Empty: the PIN stays as it is."),
        error_messages={"invalid": _("A PIN has four to eight digits.")},
    )

    class Meta:
        model = StaffMember
        fields = [
            "title", "forename", "surname", "job", "user",
            "is_slt", "is_head", "is_office", "is_safeguarding", "left_on",
        ]  # fmt: skip

    def clean_new_pin(self) -> str:
        pin = self.cleaned_data["new_pin"]
        if pin and is_obvious(pin):
            raise forms.ValidationError(OBVIOUS)
        return pin
