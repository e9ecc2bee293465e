"""Forms for the hours of the week, for uploading a calendar file and choosing its events' kinds."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.calendar.hours import WINDOWS
from accounts.calendar.ics_diff import MOST, Item
from accounts.calendar.ics_reader import MAX_BYTES, NotACalendar, Wrong, read_events
from accounts.models.school import WorkingHours

SENTENCES = {
    Wrong.TOO_BIG: _("This file is larger than one megabyte. Please export one school year."),
    Wrong.NOT_ICS: _(
        "This is not a calendar file. Please export the calendar as iCalendar (.ics) and choose that."
    ),
    Wrong.PACKED: _("This file is packed. Please unpack it and choose the .ics file inside."),
    Wrong.PAGE: _(
        "This is a web page, not a calendar file. Please download the calendar itself: its name ends in .ics."
    ),
    Wrong.MAIL: _(
        "This is an e-mail. Please save the calendar that is attached to it, and choose that file."
    ),
    Wrong.TOO_MANY: _("There are too many events in this file. Please export one school year."),
    Wrong.EMPTY: _("There is no event in this file. Please export the calendar together with its events."),
}


class CalendarFileForm(forms.Form):
    """Upload a calendar file; `cleaned_data["file"]` is the list of its events."""

    file = forms.FileField(
        label=_("Calendar file"),
        allow_empty_file=True,
        error_messages={"required": _("Please choose a file.")},
        help_text=_("A file that ends in .ics, from Google, Outlook, Apple or the council."),
        widget=forms.FileInput(attrs={"class": "input", "accept": ".ics,.vcs,text/calendar"}),
    )

    def clean_file(self) -> list:
        try:
            return read_events(self.cleaned_data["file"].read(MAX_BYTES + 1))
        except NotACalendar as refused:
            raise forms.ValidationError(SENTENCES[refused.wrong]) from None


class KindsForm(forms.Form):
    """One choice for each event that may be imported.

    `key` names the upload.
    """

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, data, *, items: Sequence[Item], key: str) -> None:
        super().__init__(data, initial={"key": key}, auto_id="id_%s")
        self.items = [item for item in items if item.may_choose][:MOST]
        for item in self.items:
            self.fields[f"kind_{item.number}"] = forms.ChoiceField(
                choices=item.kinds,
                initial=item.kind,
                label=item.event.name,
                widget=forms.Select(attrs={"class": "input"}),
            )

    def of(self, item: Item):
        """Return the bound field of this item, or None without a choice."""
        return self[f"kind_{item.number}"] if f"kind_{item.number}" in self.fields else None

    @property
    def kinds(self) -> dict[int, str]:
        return {item.number: self.cleaned_data[f"kind_{item.number}"] for item in self.items}


EDGES = [f"{window}_{edge}" for window in WINDOWS for edge in ("start", "end")]


class AlikeForm(forms.Form):
    """The query string of the hours' page: whether all days shall have the same hours."""

    alike = forms.BooleanField(required=False)

    def read(self) -> bool:
        return self.is_valid() and self.cleaned_data["alike"]


class HoursForm(forms.ModelForm):
    """The same hours for all school days of the week (policy: Times)."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("School days"),
        help_text=_("These are the hours of each day that you choose."),
        coerce=int,
        choices=WorkingHours.WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose the days on which there is school.")},
    )

    class Meta:
        model = WorkingHours
        fields = EDGES
        widgets = {
            name: forms.TimeInput({"type": "time", "class": "input input--short"}, format="%H:%M")
            for name in EDGES
        }

    def times(self) -> dict:
        """Return the eight times by column."""
        return {name: self.cleaned_data[name] for name in EDGES}


class DayHoursForm(forms.ModelForm):
    """The hours of one day of the week, which may end earlier than those of the others (policy: Times)."""

    field_order = ["ends_at", *EDGES]
    ends_at = forms.TimeField(
        label=_("Everything ends at"),
        required=False,
        help_text=_(
            "For a day that ends early, such as Friday at 13:00. What ends later below ends then, too."
        ),
        widget=forms.TimeInput({"type": "time", "class": "input input--short"}, format="%H:%M"),
    )

    class Meta(HoursForm.Meta):
        pass

    def clean(self) -> dict:
        found = super().clean() or {}
        ends_at = found.get("ends_at")
        for name in [name for name in EDGES if name.endswith("_end") and ends_at and name in found]:
            found[name] = min(found[name], ends_at)
        return found

    def times(self) -> dict:
        """Return the eight times by column."""
        return {name: self.cleaned_data[name] for name in EDGES}
