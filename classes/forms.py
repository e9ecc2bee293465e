from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import StaffMember
from classes.codes import PICTURES, normalise
from classes.enums import Picture, Restriction
from classes.models import Classroom, Guardianship
from classes.rules import NOTE_MISSING

UNREADABLE = "-"  # what was typed is no code: looked up all the same, so that every answer costs the same


class CodeField(forms.CharField):
    def to_python(self, value) -> str:
        typed = super().to_python(value)
        return (normalise(typed) or UNREADABLE) if typed else ""


class JoinForm(forms.Form):
    code = CodeField(
        label=_("Code"),
        help_text=_("Sixteen letters and figures from your letter."),
        error_messages={"required": _("Please type the code from your letter.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    date_of_birth = forms.DateField(
        label=_("Your child’s date of birth"),
        help_text=_("Day, month and year, for example 04/05/2018."),
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %m %Y", "%d%m%Y"],
        error_messages={
            "required": _("Please give your child’s date of birth."),
            "invalid": _("Please give the date as day, month and year, for example 04/05/2018."),
        },
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
    )


class NextForm(forms.Form):
    """Where somebody was going before they had to say who they are."""

    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


class WhoForm(NextForm):
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
            "max_length": _("A PIN has four to eight digits."),
        },
    )

    def __init__(self, *args, staff, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].queryset = staff


class ShowForm(forms.Form):
    """Whom of a class the office looks at."""

    SHOWS = [
        ("all", _("Everybody")),
        ("waiting", _("Not joined yet")),
        ("hold", _("On hold")),
        ("joined", _("Joined")),
    ]
    show = forms.ChoiceField(choices=SHOWS, required=False)

    def read(self) -> str:
        return (self.is_valid() and self.cleaned_data["show"]) or "all"


class ChosenForm(forms.Form):
    """The adults of a class who were ticked."""

    tie = forms.ModelMultipleChoiceField(queryset=Guardianship.objects.none())

    def __init__(self, *args, classroom: Classroom, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        ties = Guardianship.objects.filter(pupil__classroom=classroom, ended_at__isnull=True)
        self.fields["tie"].queryset = ties.order_by("pupil__preferred_forename", "pk")


class DecideForm(forms.Form):
    """What somebody decided about a tie, and why."""

    restriction = forms.ChoiceField(choices=Restriction)
    note = forms.CharField(required=False, max_length=2000)


class RestrictionForm(forms.ModelForm):
    """The page of one adult and one child: a restriction says why."""

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


class PicturesForm(forms.Form):
    """One picture that a pupil tapped, and those that they tapped before it, in their order (PU-4)."""

    picture = forms.ChoiceField(choices=Picture.choices)
    before = forms.MultipleChoiceField(choices=Picture.choices, required=False)

    def clean_before(self) -> list[str]:
        before = self.cleaned_data["before"]
        if len(before) >= PICTURES:
            raise forms.ValidationError("")
        return before

    def chosen(self) -> list[str]:
        return [*self.cleaned_data["before"], self.cleaned_data["picture"]]


class EndsForm(forms.Form):
    """How many codes, cards or posters somebody has confirmed that they end; None: nobody was asked yet."""

    ends = forms.IntegerField(required=False, min_value=0, max_value=100_000)

    def confirmed(self) -> int | None:
        return self.cleaned_data["ends"] if self.is_valid() else None


class LettersKeyForm(forms.Form):
    """The idempotency key of a form that asks for letters."""

    key = forms.UUIDField(required=False)


class CardForm(forms.Form):
    """What the class does with one child's card."""

    act = forms.ChoiceField(choices=[("new", ""), ("end", ""), ("let_in", "")])
