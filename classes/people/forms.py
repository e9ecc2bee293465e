"""Define the forms of people's records."""

from typing import Any
from uuid import uuid4

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from classes.enums import Relationship
from classes.models.classrooms import Classroom
from classes.people.rules import Nonsense, read_value
from malpas.lib.text import clean_line

KINDS = ("child", "adult", "staff", "left")


class SearchForm(forms.Form):
    """Whom somebody looks for.

    What makes no sense is taken as not said.
    """

    q = forms.CharField(required=False, max_length=80)
    kind = forms.ChoiceField(required=False, choices=[(kind, kind) for kind in KINDS])
    room = forms.ModelChoiceField(Classroom.objects.all(), required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def read(self) -> dict[str, Any]:
        self.is_valid()
        said = self.cleaned_data
        return {
            "q": clean_line(said.get("q") or ""),
            "kind": said.get("kind") or "",
            "room": said.get("room"),
            "page": said.get("page") or 1,
        }


class RecordForm(forms.Form):
    """Columns of a record, read as the import reads them.

    `today`: the school's date.

    `corrects`: the page shows earlier values, and only what somebody changes there is saved.
    """

    columns: tuple[str, ...] = ()
    corrects = True

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for each in self.fields.values():
            each.show_hidden_initial = self.corrects

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        for name in [name for name in self.columns if name in answers]:
            try:
                answers[name] = read_value(name, answers[name], self.today)
            except Nonsense as violation:
                self.add_error(name, violation.sentence)
        return answers

    def values(self) -> dict[str, Any]:
        """Return the columns' values.

        Of a correction only those changed on the page.
        """
        names = [name for name in self.columns if not self.corrects or name in self.changed_data]
        return {name: self.cleaned_data[name] for name in names}


class PupilForm(RecordForm):
    columns: tuple[str, ...] = (
        "preferred_forename", "preferred_surname", "legal_forename", "legal_surname", "date_of_birth", "year",
        "admission_number", "upn",
    )  # fmt: skip
    preferred_forename = forms.CharField(label=_("Known as"), max_length=60)
    preferred_surname = forms.CharField(
        label=_("Surname they use"),
        help_text=_("Only where it is not the legal one."),
        max_length=60,
        required=False,
    )
    legal_forename = forms.CharField(label=_("Legal forename"), max_length=60, required=False)
    legal_surname = forms.CharField(label=_("Legal surname"), max_length=60, required=False)
    date_of_birth = forms.CharField(
        label=_("Date of birth"),
        max_length=20,
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
    )
    classroom = forms.ModelChoiceField(
        Classroom.objects.all(), label=_("Class"), required=False, empty_label=_("no class yet")
    )
    year = forms.CharField(label=_("Year"), help_text=_("N, R or 1 to 6."), max_length=12, required=False)
    admission_number = forms.CharField(label=_("Admission number"), max_length=20, required=False)
    upn = forms.CharField(label=_("UPN"), max_length=20, required=False)


class NumberedPupilForm(PupilForm):
    """A child whom the school's system does not know yet."""

    columns = (*PupilForm.columns, "school_ref")
    school_ref = forms.CharField(
        label=_("Number in the school’s system"),
        help_text=_("By it the next import knows this child. Leave it until there is one."),
        max_length=40,
        required=False,
    )


class KeyForm(forms.Form):
    """A form that is sent once, however often it is pressed."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    another = forms.BooleanField(label=_("This is somebody else. Add them."), required=False)

    def rest(self) -> list[BoundField]:
        """Return the fields that are always shown."""
        return [field for field in self.visible_fields() if field.name != "another"]


class NewPupilForm(KeyForm, NumberedPupilForm):
    corrects = False


class ContactForm(RecordForm):
    columns = ("title", "forename", "surname", "email", "mobile")
    title = forms.CharField(label=_("Title"), max_length=20, required=False)
    forename = forms.CharField(label=_("Forename"), max_length=60, required=False)
    surname = forms.CharField(
        label=_("Surname"),
        help_text=_("Somebody with one name has it here or as forename."),
        max_length=60,
        required=False,
    )
    email = forms.CharField(
        label=_("E-mail address"),
        help_text=_("For the school’s records. It changes nothing about signing in."),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    mobile = forms.CharField(
        label=_("Telephone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )


class ConnectionForm(forms.Form):
    """What an adult is to a child, as the school's records have it (PA-2)."""

    relationship = forms.ChoiceField(
        label=_("What they are to the child"), choices=[("", _("Please choose")), *Relationship.choices]
    )
    parental_responsibility = forms.BooleanField(label=_("Has parental responsibility"), required=False)
    court_order = forms.BooleanField(label=_("A court order names this adult and this child"), required=False)

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ConnectionForm.base_fields}


class NewAdultForm(KeyForm, ConnectionForm, ContactForm):
    corrects = False


class LeavingForm(forms.Form):
    left_on = forms.DateField(
        label=_("First day on which they are no longer a pupil here"),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
    )


class InviteForm(forms.Form):
    """Why a leader approves this adult, and what somebody has confirmed."""

    reason = forms.CharField(
        label=_("Why this adult is invited"),
        help_text=_("It is kept with your name."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    ends = forms.IntegerField(required=False, min_value=0, max_value=10, widget=forms.HiddenInput)
    contacts = forms.IntegerField(required=False, min_value=0, max_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, needs_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needs_reason


class SameForm(forms.Form):
    """Whether two records are one person, and which account stays where both have one."""

    SAME, OTHERS = "same", "others"
    answer = forms.ChoiceField(choices=[(SAME, _("They are the same")), (OTHERS, _("They are two people"))])

    def __init__(self, *args: Any, accounts: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(accounts) > 1:
            self.fields["account"] = forms.TypedChoiceField(
                label=_("Which account stays"),
                choices=accounts,
                required=False,
                coerce=int,
                empty_value=None,
                widget=forms.RadioSelect,
            )
