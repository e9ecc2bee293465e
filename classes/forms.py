from django import forms
from django.utils.translation import gettext_lazy as _


class NextForm(forms.Form):
    """The page somebody was going to before they had to identify themselves."""

    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


class StateFilterForm(forms.Form):
    """Which adults of a class the office looks at."""

    STATE_FILTERS = [
        ("all", _("Everybody")),
        ("waiting", _("Not joined yet")),
        ("hold", _("On hold")),
        ("joined", _("Joined")),
    ]
    state = forms.ChoiceField(choices=STATE_FILTERS, required=False)

    def read(self) -> str:
        return (self.is_valid() and self.cleaned_data["state"]) or "all"


class EndsForm(forms.Form):
    """How many codes, cards or posters somebody has confirmed that they end.

    None: not asked yet.
    """

    ends = forms.IntegerField(required=False, min_value=0, max_value=100_000)

    def confirmed(self) -> int | None:
        return self.cleaned_data["ends"] if self.is_valid() else None


class ContactsForm(forms.Form):
    """How many contacts only somebody has confirmed.

    None: not asked yet.
    """

    contacts = forms.IntegerField(required=False, min_value=0, max_value=100_000)

    def confirmed(self) -> int | None:
        return self.cleaned_data["contacts"] if self.is_valid() else None


class BoxesForm(forms.Form):
    """How many letters with boxes in their names somebody has confirmed.

    None: not asked yet.
    """

    boxes = forms.IntegerField(required=False, min_value=0, max_value=100_000)

    def confirmed(self) -> int | None:
        return self.cleaned_data["boxes"] if self.is_valid() else None


class LettersKeyForm(forms.Form):
    """The idempotency key of a form that requests letters."""

    key = forms.UUIDField(required=False)
