"""Validate times for a meeting (TE-8, PA-8).

Several fields, which need no scripts.
"""

from datetime import UTC, datetime

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from accounts.enums import Language
from malpas.lib.form_choices import set_choices
from malpas.lib.hours import SchoolHours
from messaging.conversations.forms.messages import MessageForm, ScreenedForm
from messaging.conversations.rules import time_problem, times_to_offer
from messaging.conversations.services.proposals import TIME_SENTENCES, HowNotChosen
from messaging.enums import MeetingHow
from messaging.fields import BodyField, KeyField
from messaging.models.proposals import MAX_TIMES

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


class TimesField(forms.MultipleChoiceField):
    """Choose among offered times; one that was offered when the page was opened is read, too."""

    def validate(self, value: list[str]) -> None:
        """Check each time; whether one must be chosen, the form knows: another may be written instead."""
        if not all(map(self.valid_value, value)):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")

    def valid_value(self, value: str) -> bool:
        try:
            return datetime.fromisoformat(value).tzinfo is not None
        except ValueError:
            return False


class TimesForm(ScreenedForm):
    """Ask for up to three times; `times()` returns them in UTC."""

    names: tuple[str, ...] = TIMES

    time_1 = moment_field(_("A time that suits"), required=True)
    time_2 = moment_field(_("Another"))
    time_3 = moment_field(_("And another"))

    def __init__(self, *args, now: datetime, hours: SchoolHours, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.hours = now, hours

    def clean(self) -> dict:
        answers = super().clean() or {}
        for name in self.names:
            time = answers.get(name)
            problem = time_problem(time, now=self.now, hours=self.hours) if time else None
            if problem:
                self.add_error(name, TIME_SENTENCES[problem])
        return answers

    def times(self) -> list[datetime]:
        found = (self.cleaned_data.get(name) for name in self.names)
        return [time.astimezone(UTC) for time in found if time]


class MeetingForm(TimesForm):
    """Ask the class for a meeting, never for details of progress.

    Times before and after lessons are offered; any other may be written.
    """

    names = ("time_1",)
    time_2 = time_3 = None  # type: ignore[assignment]  # Django's way to leave a field of a parent class out
    slots = TimesField(
        label=_("Which times suit you?"),
        help_text=_("Tap all that suit, up to 5. The class chooses one."),
        widget=forms.CheckboxSelectMultiple(ROW),
        error_messages={
            "invalid_choice": _("Choose among these times."),
            "invalid_list": _("Choose among these times."),
        },
    )
    time_1 = moment_field(_("Another time"))
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
    field_order = ["slots", "time_1", "how", "spoken", "about", "key"]

    def __init__(self, *args, now: datetime, hours: SchoolHours, **kwargs) -> None:
        super().__init__(*args, now=now, hours=hours, **kwargs)
        choices = [(time.isoformat(), short_time(time)) for time in times_to_offer(now, hours)]
        set_choices(self, "slots", choices)

    def clean_slots(self) -> list[datetime]:
        try:
            times = [datetime.fromisoformat(iso).astimezone(UTC) for iso in self.cleaned_data["slots"]]
        except (ValueError, OverflowError):  # no page offers such a time
            raise forms.ValidationError(_("Choose among these times.")) from None
        for time in times:
            if problem := time_problem(time, now=self.now, hours=self.hours):
                raise forms.ValidationError(TIME_SENTENCES[problem])
        return times

    def clean(self) -> dict:
        answers = super().clean()
        times = {*answers.get("slots", ()), *([answers["time_1"]] if answers.get("time_1") else ())}
        if not times and not {"slots", "time_1"} & set(self.errors):
            self.add_error("slots", _("Please give at least one time."))
        if len(times) > MAX_TIMES:
            self.add_error("slots", _("Please choose up to 5 times."))
        return answers

    def times(self) -> list[datetime]:
        return sorted({*self.cleaned_data["slots"], *super().times()})


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


def short_time(at: datetime) -> str:
    """Format 'Wed 18 Nov, 15:45': London time, the reader's language."""
    return capfirst(date_format(localtime(at), "D j M, H:i"))


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
    how = forms.ChoiceField(
        label=_("In person or by telephone?"),
        choices=[each for each in MeetingHow.choices if each[0] != MeetingHow.EITHER],
        required=False,
        widget=forms.RadioSelect(ROW),
        error_messages={"invalid_choice": _("Choose one of these.")},
    )
    body = BodyField(label=_("A few words"), required=False)
    key = KeyField()

    def __init__(self, *args, times: list[datetime], how: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if how != MeetingHow.EITHER:
            del self.fields["how"]
        self.times = {time.isoformat(): time for time in times}
        choices = [(iso, spoken_time(time)) for iso, time in self.times.items()]
        set_choices(self, "chosen", [*choices, (NONE, _("None of these times suits"))])

    @staticmethod
    def tapped(posted: QueryDict) -> QueryDict:
        """Read a button that says both the time and how, as two answers."""
        if "both" not in posted:
            return posted
        answers = posted.copy()
        answers["chosen"], _blank, answers["how"] = str(posted["both"]).partition(" ")
        return answers

    def clean(self) -> dict:
        answers = super().clean() or {}
        if "how" in self.fields and self.times.get(answers.get("chosen", "")) and not answers.get("how"):
            self.add_error("how", HowNotChosen.sentence)
        return answers

    def time(self) -> datetime | None:
        return self.times.get(self.cleaned_data["chosen"])


class CallForm(MessageForm):
    """Promise a call, with a text and a time if one likes."""

    rings_at = moment_field(_("When?"))

    def __init__(self, *args, now: datetime, hours: SchoolHours, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.hours = now, hours
        self.fields["body"].required = False

    def clean_rings_at(self) -> datetime | None:
        time = self.cleaned_data["rings_at"]
        if time and (problem := time_problem(time, now=self.now, hours=self.hours)):
            raise forms.ValidationError(TIME_SENTENCES[problem])
        return time.astimezone(UTC) if time else None
