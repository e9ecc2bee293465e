"""Define the forms of the pages of staff."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.staff.leaving import Ends
from accounts.staff.records import COLUMNS, GIVEN_ROLES
from accounts.staff.role_texts import OPENS
from malpas.lib.text import clean_line, is_blank

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
MOST = 1_000_000


class SearchForm(forms.Form):
    """Whom somebody looks for. What makes no sense is taken as not said."""

    q = forms.CharField(required=False, max_length=80)
    left = forms.BooleanField(required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def read(self) -> dict[str, Any]:
        self.is_valid()
        said = self.cleaned_data
        q = clean_line(said.get("q") or "")
        return {"q": q, "left": bool(said.get("left")), "page": said.get("page") or 1}


class LineField(forms.CharField):
    """One line of a record, such as a name, without invisible signs."""

    def clean(self, value: Any) -> str:
        return super().clean(clean_line(value or "") if "\x00" not in str(value) else value)

    def validate(self, value: str) -> None:
        super().validate("" if is_blank(value) else value)


class RecordForm(forms.Form):
    """A person's name, as their messages bear it, and their job."""

    title = LineField(
        label=_("Title"),
        max_length=20,
        required=False,
        help_text=_("Messages bear title and surname, such as “Mrs Rees”. Without a title, both names."),
    )
    forename = LineField(label=_("Forename"), max_length=60)
    surname = LineField(label=_("Surname"), max_length=60)
    job = LineField(label=_("Job"), max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in COLUMNS:
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def lines(self) -> list[forms.BoundField]:
        """Return the fields of the record."""
        return [self[name] for name in COLUMNS]

    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in COLUMNS}


class CorrectForm(RecordForm):
    """A correction: only what somebody changes on the page is saved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in COLUMNS:
            self.fields[name].show_hidden_initial = True

    def values(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in COLUMNS if name in self.changed_data}


class RolesForm(forms.Form):
    """Roles, each with what it opens, and those that somebody has confirmed."""

    confirmed = forms.MultipleChoiceField(
        choices=[(name, name) for name in GIVEN_ROLES], required=False, widget=forms.MultipleHiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in GIVEN_ROLES:
            self.fields[name] = forms.BooleanField(
                label=OPENS[name], required=False, show_hidden_initial=True
            )

    def boxes(self) -> list[forms.BoundField]:
        """Return the roles' fields."""
        return [self[name] for name in GIVEN_ROLES]

    def wanted(self) -> dict[str, bool]:
        """Return the roles that were changed on the page."""
        return {name: self.cleaned_data[name] for name in GIVEN_ROLES if name in self.changed_data}


class NewStaffForm(RecordForm, RolesForm):
    """A new member of staff. The form is sent once, however often it is pressed."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    another = forms.BooleanField(label=_("This is somebody else. Add them."), required=False)


class PinForm(forms.Form):
    """`seen`: the PIN that the page knew of; `key`: one PIN, however often it is asked for."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    seen = forms.CharField(max_length=40, widget=forms.HiddenInput)


class SeenForm(forms.Form):
    """The unanswered invitation that the page showed, if there was one."""

    seen = forms.IntegerField(required=False, min_value=1, max_value=2**53, widget=forms.HiddenInput)


class ResetForm(forms.Form):
    reason = forms.CharField(
        label=_("Why, and how you made sure that it is really this person who asks"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Speak with them in person or telephone a number that you know. Never rely on an e-mail alone."
        ),
    )


class LeavingForm(forms.Form):
    """The day from which somebody no longer works here; `seen`: the day that the page showed."""

    day = forms.DateField(
        label=_("First day on which they no longer work here"),
        help_text=_("Today or earlier: their work ends now. Later: on that day."),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
    )
    seen = forms.DateField(required=False, widget=forms.HiddenInput)

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        if not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(_("Please check the year."))
        return day


class EndsForm(forms.Form):
    """What the page said would end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in Ends._fields:
            self.fields[name] = forms.IntegerField(min_value=0, max_value=MOST, widget=forms.HiddenInput)

    def confirmed(self) -> Ends | None:
        """Return the confirmed numbers, or None."""
        return Ends(**self.cleaned_data) if self.is_valid() else None


class BackForm(forms.Form):
    """The roles that the page showed."""

    roles = forms.MultipleChoiceField(choices=[(name, name) for name in OPENS], required=False)
