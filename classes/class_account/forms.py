from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.codes.pin_input import PinInput
from accounts.models.people import StaffMember
from classes.forms import NextForm
from classes.models.classrooms import Classroom
from malpas.lib.form_choices import set_queryset


class DigitsField(forms.CharField):
    """A PIN as it is typed; it is never shown again."""

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("error_messages", {"max_length": _("A PIN has 4 to 8 digits.")})
        super().__init__(max_length=8, widget=PinInput, **kwargs)


class PinForm(forms.Form):
    """One's own new PIN: the old one, then the new one twice."""

    old = DigitsField(label=_("The PIN you have"))
    new = DigitsField(label=_("New PIN"), help_text=_("4 to 8 digits that nobody standing by would guess."))
    again = DigitsField(label=_("New PIN once more"))

    def clean(self) -> None:
        answers = self.cleaned_data
        if answers.get("new") and answers.get("again") and answers["new"] != answers["again"]:
            self.add_error("again", _("This is not the same as the new PIN above."))


class StepInForm(forms.Form):
    classroom = forms.ModelChoiceField(Classroom.objects.none())

    def __init__(self, *args, classes, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        set_queryset(self, "classroom", classes)


class DiscardForm(forms.Form):
    """The page whose saved form is discarded."""

    path = forms.CharField(max_length=500)


class AgreedForm(forms.Form):
    """The query string of the terms report: group, state and page."""

    group = forms.ChoiceField(choices=[("parents", "parents"), ("staff", "staff")], required=False)
    state = forms.ChoiceField(choices=[("agreed", "agreed"), ("missing", "missing")], required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000)


class StaffChoiceForm(NextForm):
    who = forms.ModelChoiceField(
        label=_("Your name"),
        queryset=StaffMember.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Please choose your name."),
            "invalid_choice": _("Please choose your name from the list."),
        },
    )
    pin = forms.CharField(
        label=_("Your PIN"),
        max_length=8,
        error_messages={
            "required": _("Please enter your PIN."),
            "max_length": _("A PIN has 4 to 8 digits."),
        },
    )

    def __init__(self, *args, staff, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        set_queryset(self, "who", staff)
