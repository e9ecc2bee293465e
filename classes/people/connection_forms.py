"""Define the forms with which office and leaders decide about a connection."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from classes.enums import Relationship, Restriction, Suggestion
from classes.guardianship.rules import NOTE_MISSING, Facts


class RestrictForm(forms.Form):
    """What an adult may do for a child, and why."""

    CHOICES = [
        (Restriction.NONE, _("As usual: reads and writes")),
        (
            Restriction.MESSAGING_PAUSED,
            _("Messages to the class are paused: the adult reads, and tells the office"),
        ),
        (Restriction.NO_ACCESS, _("No access: this adult sees nothing about the child, from this moment")),
    ]
    restriction = forms.ChoiceField(
        label=_("What this adult may do"), choices=CHOICES, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Why, and on what it rests"),
        help_text=_("For office and senior leaders; nobody else reads it. A pause or no access needs it."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("restriction", Restriction.NONE) != Restriction.NONE and not answers.get("note"):
            self.add_error("note", NOTE_MISSING)
        return answers


class FactsForm(forms.Form):
    """What the records say of an adult and a child.

    Only what is changed on the page is saved.
    """

    SUGGESTIONS = [
        (Suggestion.INVITE, _("Gets a letter with the letters of the class")),
        (Suggestion.CONTACT_ONLY, _("Contact only: gets a letter only when somebody chooses this adult")),
        (Suggestion.HOLD, _("On hold: a senior leader approves a code first")),
    ]
    relationship = forms.ChoiceField(label=_("What they are to the child"), choices=Relationship)
    parental_responsibility = forms.BooleanField(label=_("Has parental responsibility"), required=False)
    court_order = forms.BooleanField(label=_("A court order names this adult and this child"), required=False)
    suggestion = forms.ChoiceField(label=_("Letters"), choices=SUGGESTIONS, widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, facts: Facts) -> None:
        super().__init__(data, initial=facts._asdict())
        for each in self.fields.values():
            each.show_hidden_initial = True

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.changed_data}


class EndForm(forms.Form):
    """What the page said would end."""

    codes = forms.IntegerField(min_value=0, max_value=100, widget=forms.HiddenInput)
    waiting = forms.IntegerField(min_value=0, max_value=100_000, widget=forms.HiddenInput)

    def confirmed(self) -> tuple[int, int] | None:
        """Return the confirmed numbers, or None."""
        if not self.is_valid():
            return None
        return self.cleaned_data["codes"], self.cleaned_data["waiting"]


class AskForm(forms.Form):
    reason = forms.CharField(
        label=_("Why this adult is to join"),
        help_text=_("Senior leaders read it. It is kept."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Please write down the reason.")},
    )


class AnswerForm(forms.Form):
    """A leader's answer: approve or refuse, and why."""

    APPROVE, REFUSE = "approve", "refuse"
    answer = forms.ChoiceField(choices=[(APPROVE, APPROVE), (REFUSE, REFUSE)])
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is kept with your name. Office and senior leaders read it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Please write down the reason.")},
    )
