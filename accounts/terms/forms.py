"""The form of a draft of the terms."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models.terms import TermsVersion


class TermsVersionForm(forms.ModelForm):
    """SLT's draft of the terms in both languages (DO-1)."""

    class Meta:
        model = TermsVersion
        fields = ["body_en", "body_cy", "dated", "review_by"]

    def clean(self) -> dict:
        answers = super().clean() or {}
        dated, review_by = answers.get("dated"), answers.get("review_by")
        if dated and review_by and review_by <= dated:
            self.add_error("review_by", _("The review comes after the date of the terms."))
        return answers


class AcceptTermsForm(forms.Form):
    number = forms.IntegerField(widget=forms.HiddenInput)
    agree = forms.BooleanField(
        label=_("I have read the terms and agree to them."),
        error_messages={"required": _("Please tick the box to agree, or sign out.")},
    )
