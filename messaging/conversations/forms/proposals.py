"""Validate times for a meeting (TE-8, PA-8).

Several fields, which need no scripts.
"""

from datetime import UTC, datetime

from django import forms
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.enums import Language
from malpas.lib.form_choices import set_choices
from malpas.lib.hours import SchoolHours
from messaging.conversations.forms.messages import ScreenedForm
from messaging.conversations.rules import time_problem
from messaging.conversations.services.proposals import TIME_SENTENCES
from messaging.enums import MeetingHow
from messaging.fields import BodyField, KeyField

TIMES = ("time_1", "time_2", "time_3")
WRITTEN = ["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M"]
NONE = "none"
ROW = {"class": "choices--row"}


def moment_field(label, required: bool = False) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=required,
        input_formats=WRITTEN,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": _("Please give at least one time."),
            "invalid": _("Write the day and time like this: 16/11/2026 15:45."),
        },
    )


class TimesForm(ScreenedForm):
    """Ask for up to three times; `times()` returns them in UTC."""

    time_1 = moment_field(_("A time that suits"), required=True)
    time_2 = moment_field(_("Another"))
    time_3 = moment_field(_("And another"))

    def __init__(self, *args, now: datetime, hours: SchoolHours, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.hours = now, hours

    def clean(self) -> dict:
        answers = super().clean() or {}
        for name in TIMES:
            time = answers.get(name)
            problem = time_problem(time, now=self.now, hours=self.hours) if time else None
            if problem:
                self.add_error(name, TIME_SENTENCES[problem])
        return answers

    def times(self) -> list[datetime]:
        found = (self.cleaned_data.get(name) for name in TIMES)
        return [time.astimezone(UTC) for time in found if time]


class MeetingForm(TimesForm):
    """Ask the class for a meeting, never for details of progress."""

    about = BodyField(
        label=_("What would you like to talk about?"),
        required=False,
        help_text=_("A few words are enough. The rest is best said when you talk."),
    )
    how = forms.ChoiceField(
        label=_("In person or by telephone?"),
        choices=MeetingHow.choices,
        initial=MeetingHow.EITHER,
        widget=forms.RadioSelect(ROW),
        error_messages={"required": _("Choose one of these."), "invalid_choice": _("Choose one of these.")},
    )
    spoken = forms.ChoiceField(
        label=_("In which language?"),
        choices=Language.choices,
        widget=forms.RadioSelect(ROW),
        error_messages={"required": _("Choose one of these."), "invalid_choice": _("Choose one of these.")},
    )
    key = KeyField()
    field_order = ["about", *TIMES, "how", "spoken", "key"]


class OfferForm(TimesForm):
    """Offer a family times."""

    how = forms.ChoiceField(
        label=_("In person or by telephone?"),
        choices=MeetingHow.choices,
        initial=MeetingHow.IN_PERSON,
        widget=forms.RadioSelect(ROW),
        error_messages={"required": _("Choose one of these."), "invalid_choice": _("Choose one of these.")},
    )
    body = BodyField(label=_("A few words"), required=False)
    key = KeyField()
    field_order = [*TIMES, "how", "body", "key"]


def spoken_time(at: datetime) -> str:
    """Format 'Wednesday 18 November, 15:45': London time, the reader's language."""
    return capfirst(date_format(localtime(at), "l j F, H:i"))


class AnswerForm(ScreenedForm):
    """Choose an offered time, or none; `time()` is None for none."""

    chosen = forms.ChoiceField(
        label=_("Which time suits?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a time, or say that none suits."),
            "invalid_choice": _("Choose a time, or say that none suits."),
        },
    )
    body = BodyField(label=_("A few words"), required=False)
    key = KeyField()

    def __init__(self, *args, times: list[datetime], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.times = {time.isoformat(): time for time in times}
        choices = [(iso, spoken_time(time)) for iso, time in self.times.items()]
        set_choices(self, "chosen", [*choices, (NONE, _("None of these times suits"))])

    def time(self) -> datetime | None:
        return self.times.get(self.cleaned_data["chosen"])
