from django import forms
from django.utils.translation import gettext_lazy as _


class AcceptTermsForm(forms.Form):
    number = forms.IntegerField(widget=forms.HiddenInput)
    agree = forms.BooleanField(
        label=_("I have read the terms and agree to them."),
        error_messages={"required": _("Please tick the box to agree, or sign out.")},
    )
