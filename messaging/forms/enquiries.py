"""One short form for each topic of the office (PA-7)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from classes.models import Pupil
from messaging.enums import Topic
from messaging.forms.fields import ChildField, KeyField, LineField, WordsField

QUESTIONS = {
    Topic.DINNERS: (
        _("What is it about?"),
        _("The menu, a balance, a diet or packed lunches. A new allergy? Please telephone today as well."),
    ),
    Topic.CLUBS: (
        _("Which club, and what is it about?"),
        _(
            "Join, leave, not coming, or who collects: name and number, and the day. For today, please telephone."
        ),
    ),
    Topic.LOST: (
        _("What is lost?"),
        _("Colour, size, brand, whether a name is in it, and where it was last seen."),
    ),
    Topic.COMPLAINT: (
        _("What happened, and when?"),
        _("Tell us whom you spoke to, and what would put it right. Please name no other children."),
    ),
    Topic.URGENT: (_("What must happen, and by when?"), ""),
    Topic.OTHER: (_("Your message to the office"), ""),
}
NO_CHILD = {Topic.COMPLAINT, Topic.OTHER}
WITH_PHONE = {Topic.COMPLAINT, Topic.URGENT}


class EnquiryForm(forms.Form):
    child = ChildField(
        Pupil.objects.none(),
        label=_("Who is it for?"),
        widget=forms.RadioSelect({"class": "choices--row"}),
        empty_label=None,
        error_messages={
            "required": _("Choose who it is for."),
            "invalid_choice": _("Please choose one of your own children."),
        },
    )
    words = WordsField(label="")
    phone = LineField(
        label=_("Number to reach you"),
        max_length=30,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "class": "input--short"}),
        error_messages={"required": _("Write a number we can call.")},
    )
    key = KeyField()

    def __init__(self, *args, topic: Topic, children: list[Pupil], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        child = self.fields["child"]
        child.queryset = Pupil.objects.filter(pk__in=[pupil.pk for pupil in children])
        child.queryset = child.queryset.select_related("classroom").by_name()
        child.required = topic not in NO_CHILD
        child.initial = children[0].pk if len(children) == 1 else None
        self.fields["words"].label = QUESTIONS[topic][0]
        self.fields["words"].help_text = str(QUESTIONS[topic][1])
        if topic not in WITH_PHONE:
            del self.fields["phone"]
        else:
            self.fields["phone"].required = topic == Topic.URGENT


class TopicFilter(forms.Form):
    topic = forms.ChoiceField(choices=Topic.choices, required=False)
