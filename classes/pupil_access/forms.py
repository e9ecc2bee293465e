"""Define the forms of the pupil pages and of the card pages."""

from typing import Any

from django import forms

from classes.enums import Picture
from classes.joining.codes import PICTURES


class PicturesForm(forms.Form):
    """A picture that a pupil tapped, and those before it, in order; or the last of those taken back.

    Policy: PU-4.
    """

    picture = forms.ChoiceField(choices=Picture.choices, required=False)
    before = forms.MultipleChoiceField(choices=Picture.choices, required=False)

    @property
    def takes_back(self) -> bool:
        return "back" in self.data

    def clean_before(self) -> list[str]:
        before = self.cleaned_data["before"]
        if len(before) >= PICTURES:
            raise forms.ValidationError("")
        return before

    def clean(self) -> dict[str, Any]:
        if not self.takes_back and not self.cleaned_data.get("picture"):
            raise forms.ValidationError("")
        return self.cleaned_data

    def chosen(self) -> list[str]:
        before = self.cleaned_data["before"]
        return before[:-1] if self.takes_back else [*before, self.cleaned_data["picture"]]


class CardForm(forms.Form):
    """What the class does with one child's card."""

    act = forms.ChoiceField(choices=[("new", ""), ("end", ""), ("let_in", "")])
