"""Define the forms of the pupil pages and of the card pages."""

from django import forms

from classes.enums import Picture
from classes.joining.codes import PICTURES


class PicturesForm(forms.Form):
    """A picture that a pupil tapped, and those before it, in order.

    Policy: PU-4.
    """

    picture = forms.ChoiceField(choices=Picture.choices)
    before = forms.MultipleChoiceField(choices=Picture.choices, required=False)

    def clean_before(self) -> list[str]:
        before = self.cleaned_data["before"]
        if len(before) >= PICTURES:
            raise forms.ValidationError("")
        return before

    def chosen(self) -> list[str]:
        return [*self.cleaned_data["before"], self.cleaned_data["picture"]]


class CardForm(forms.Form):
    """What the class does with one child's card."""

    act = forms.ChoiceField(choices=[("new", ""), ("end", ""), ("let_in", "")])
