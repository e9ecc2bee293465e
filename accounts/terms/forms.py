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


class TermsDraftForm(TermsVersionForm):
    """The same, with the browser's own fields for dates."""

    class Meta(TermsVersionForm.Meta):
        widgets = {
            "body_en": forms.Textarea({"rows": 16, "lang": "en"}),
            "body_cy": forms.Textarea({"rows": 16, "lang": "cy"}),
            "dated": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
            "review_by": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        }


class FreshTextForm(forms.Form):
    """The query string of the draft's page: whether its text begins anew from the settings."""

    fresh = forms.BooleanField(required=False)

    def read(self) -> bool:
        return self.is_valid() and self.cleaned_data["fresh"]


class AcceptTermsForm(forms.Form):
    number = forms.IntegerField(widget=forms.HiddenInput)
    agree = forms.BooleanField(
        label=_("I have read the terms and agree to them."),
        error_messages={"required": _("Please tick the box to agree, or sign out.")},
    )


class PublishForm(forms.Form):
    """`untouched`: the language that a leader confirms to be right although only the other has changed."""

    untouched = forms.ChoiceField(choices=[("en", "en"), ("cy", "cy")], required=False)

    def confirmed(self) -> str:
        """Return the confirmed language, or ''."""
        return self.cleaned_data["untouched"] if self.is_valid() else ""
