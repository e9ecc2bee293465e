"""Define the forms with which the office decides about a guardianship."""

from django import forms
from django.utils.translation import gettext_lazy as _

from classes.enums import Restriction
from classes.guardianship.rules import NOTE_MISSING


class DecideForm(forms.Form):
    """A decision about a guardianship, and why."""

    restriction = forms.ChoiceField(choices=Restriction)
    note = forms.CharField(required=False, max_length=2000)


class RestrictionForm(forms.ModelForm):
    """The page of one guardianship: a restriction needs a note."""

    def clean(self) -> dict[str, object]:
        answers = super().clean() or {}
        restriction = answers.get("restriction", Restriction.NONE)
        if restriction != Restriction.NONE and not str(answers.get("restriction_note", "")).strip():
            self.add_error("restriction_note", NOTE_MISSING)
        return answers


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Why a further adult is linked to this child. It is kept."),
        error_messages={"required": _("Please write down the reason.")},
    )
