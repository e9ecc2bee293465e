"""Validate enquiries: one short form for each topic of the office (PA-7)."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from classes.models.pupils import Pupil
from malpas.lib.form_choices import set_queryset
from malpas.lib.text import clean_line
from malpas.lib.uploads.fields import PHOTOS
from messaging.enums import FACTS, ClubAbout, ComplaintAbout, DinnerAbout, NameInIt, QueueView, ReplyBy, Topic
from messaging.fields import BodyField, ChildField, KeyField, LineField
from messaging.office.forms.absence import day_field

ROW = {"class": "choices--row"}
CHOOSE = {"required": _("Choose one of these."), "invalid_choice": _("Choose one of these.")}
FAR = timedelta(days=370)


def line(label, *, error="", most: int = 100, **attrs: object) -> LineField:
    """Build a field for a short answer of at most `most` characters.

    `error`: said where it is missing; without one it is optional.
    """
    return LineField(
        label=label,
        required=bool(error),
        max_length=most,
        error_messages={"required": error, "max_length": _("Please use up to %(limit_value)d letters.")},
        widget=forms.TextInput(attrs),
    )


def telephone(label, *, required: bool = False) -> LineField:
    error = _("Write a number we can call.") if required else ""
    return line(label, error=error, most=30, type="tel", autocomplete="tel", **{"class": "input--short"})


def choice(label, choices, *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=required,
        widget=forms.RadioSelect(ROW),
        error_messages=CHOOSE,
    )


class EnquiryForm(forms.Form):
    """Ask what every topic asks; `facts()` returns what its own form adds."""

    topic: Topic
    needs_child = True

    child = ChildField(
        Pupil.objects.none(),
        label=_("Who is it for?"),
        widget=forms.RadioSelect(ROW),
        empty_label=None,
        error_messages={
            "required": _("Choose who it is for."),
            "invalid_choice": _("Please choose one of your own children."),
        },
    )
    body = BodyField(label="")
    key = KeyField()

    def __init__(self, *args, children: list[Pupil], today: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        offered = Pupil.objects.filter(pk__in=[pupil.pk for pupil in children])
        set_queryset(self, "child", offered.select_related("classroom").by_name())
        child = self.fields["child"]
        child.required = self.needs_child
        child.initial = children[0].pk if len(children) == 1 else None
        self.order_fields(["child", *(name for name in self.fields if name not in ("child", "body")), "body"])

    def facts(self) -> dict[str, str]:
        """Return the answers of this topic alone, as {question: text}.

        Empty ones are left out.
        """
        questions = FACTS.get(self.topic, {})
        found = {name: self.cleaned_data.get(name) for name in questions}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in found.items()
            if value
        }

    @property
    def complaint_about(self) -> str:
        return ""

    def clean_day(self) -> date | None:
        return self._near(self.cleaned_data.get("day"))

    def clean_from_day(self) -> date | None:
        return self._near(self.cleaned_data.get("from_day"))

    def _near(self, day: date | None) -> date | None:
        if day and day < self.today:
            raise forms.ValidationError(_("That day is over. Please check it."))
        if day and day > self.today + FAR:
            raise forms.ValidationError(_("That is a long time ahead. Please check the year."))
        return day


class DinnersForm(EnquiryForm):
    topic = Topic.DINNERS
    about = choice(FACTS[Topic.DINNERS]["about"].label, DinnerAbout.choices)
    from_day = day_field(FACTS[Topic.DINNERS]["from_day"].label)
    body = BodyField(label=_("Anything else?"), required=False, help_text=_("Never write bank details here."))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_day"].widget.attrs.pop("follow")  # it depends on no other answer


class ClubsForm(EnquiryForm):
    topic = Topic.CLUBS
    club = line(FACTS[Topic.CLUBS]["club"].label, error=_("Write the name of the club."))
    about = forms.ChoiceField(
        label=FACTS[Topic.CLUBS]["about"].label,
        choices=ClubAbout.choices,
        widget=forms.RadioSelect(ROW | {"opens": ClubAbout.COLLECTS.value}),
        error_messages=CHOOSE,
    )
    collector = line(FACTS[Topic.CLUBS]["collector"].label, follow=True)
    relation = line(FACTS[Topic.CLUBS]["relation"].label, follow=True)
    collector_phone = telephone(FACTS[Topic.CLUBS]["collector_phone"].label)
    day = day_field(FACTS[Topic.CLUBS]["day"].label)
    body = BodyField(label=_("Anything else?"), required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].required = True
        self.fields["day"].widget.attrs.pop("follow", None)
        self.fields["day"].error_messages["required"] = _("Write the day, or the first day.")
        self.fields["collector_phone"].widget.attrs["follow"] = True

    def clean(self) -> dict[str, object]:
        answers = super().clean() or {}
        if answers.get("about") == ClubAbout.COLLECTS:
            for name in ("collector", "relation", "collector_phone"):
                if not answers.get(name) and name not in self.errors:
                    self.add_error(name, _("We need to know who collects, and a number."))
        else:
            answers |= {"collector": "", "relation": "", "collector_phone": ""}
        return answers


class LostForm(EnquiryForm):
    topic = Topic.LOST
    item = line(FACTS[Topic.LOST]["item"].label, error=_("Write what is lost."))
    colour = line(FACTS[Topic.LOST]["colour"].label)
    size = line(FACTS[Topic.LOST]["size"].label)
    brand = line(FACTS[Topic.LOST]["brand"].label)
    name_in_it = choice(FACTS[Topic.LOST]["name_in_it"].label, NameInIt.choices, required=False)
    last_seen = line(FACTS[Topic.LOST]["last_seen"].label)
    body = BodyField(label=_("Anything else?"), required=False)


class ComplaintForm(EnquiryForm):
    topic = Topic.COMPLAINT
    needs_child = False
    whom = forms.ChoiceField(
        label=_("What is it about?"),
        choices=ComplaintAbout.choices,
        widget=forms.RadioSelect(ROW),
        error_messages=CHOOSE | {"required": _("Choose what it is about: that decides who reads it.")},
        help_text=_(
            "The office and the senior leaders read it, nobody in the class. A complaint about the head teacher goes "
            "to the governor for complaints alone."
        ),
    )
    body = BodyField(
        label=_("What happened, and when?"),
        help_text=_("Other children’s initials are enough."),
        widget=forms.Textarea({"rows": 6}),
    )
    spoken_to = line(FACTS[Topic.COMPLAINT]["spoken_to"].label)
    wanted = BodyField(
        label=FACTS[Topic.COMPLAINT]["wanted"].label,
        required=False,
        max_length=500,
        error_messages={"max_length": _("Please use up to %(limit_value)d letters.")},
    )
    reply_by = choice(FACTS[Topic.COMPLAINT]["reply_by"].label, ReplyBy.choices, required=False)
    phone = telephone(_("Number to reach you"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["whom", "child", "body", "spoken_to", "wanted", "reply_by", "phone", "key"])
        self.fields["whom"].widget.attrs.pop("class")

    @property
    def complaint_about(self) -> str:
        return self.cleaned_data["whom"]

    def clean(self) -> dict[str, object]:
        answers = super().clean() or {}
        if (
            answers.get("reply_by") == ReplyBy.TELEPHONE
            and not answers.get("phone")
            and "phone" not in self.errors
        ):
            self.add_error("phone", _("Write a number we can call."))
        return answers


class UrgentForm(EnquiryForm):
    topic = Topic.URGENT
    body = BodyField(label=_("What must happen?"))
    by_when = line(FACTS[Topic.URGENT]["by_when"].label, error=_("Write by when, such as 3.15 today."))
    phone = telephone(_("Number to reach you"), required=True)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["child", "body", "by_when", "phone", "key"])


class OtherForm(EnquiryForm):
    topic = Topic.OTHER
    needs_child = False
    body = BodyField(label=_("Your message to the office"))


FORMS: dict[Topic, type[EnquiryForm]] = {
    form.topic: form for form in (DinnersForm, ClubsForm, LostForm, ComplaintForm, UrgentForm, OtherForm)
}


class TopicFilter(forms.Form):
    """Read the query string of the office's list."""

    topic = forms.ChoiceField(choices=Topic.choices, required=False)
    whose = forms.ChoiceField(choices=QueueView.choices, required=False)
    q = forms.CharField(required=False, max_length=80)
    after = forms.RegexField(r"^[0-3]\.[0-9]{1,18}$", required=False)

    @property
    def chosen(self) -> dict[str, str]:
        """Return `topic`, `whose` and `words`, '' where invalid."""
        self.is_valid()
        said = self.cleaned_data
        words = clean_line(said.get("q") or "")
        return {"topic": said.get("topic", ""), "whose": said.get("whose", ""), "words": words}

    @property
    def page_after(self) -> str:
        """Return the cursor before the page, '' where invalid."""
        self.is_valid()
        return self.cleaned_data.get("after") or ""


class PhotoForm(forms.Form):
    """Take a photo of a lost thing."""

    photo = forms.FileField(
        label=_("A photo of it"),
        widget=forms.FileInput({"accept": PHOTOS}),
        error_messages={
            "required": _("Choose a photo first."),
            "empty": _("This photo is damaged. Please choose it again, or take another."),
        },
    )
    key = KeyField()


class ReplyToOffice(forms.Form):
    """Take what the family adds to its own enquiry."""

    body = BodyField(label=_("Write to the office about this"))
    key = KeyField()
