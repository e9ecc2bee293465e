from django import forms
from django.utils.translation import gettext_lazy as _

from malpas.lib.hidden import HiddenNumberField
from messaging.conversations.queries.class_inbox import PageCursor
from messaging.enums import CONFIRMABLE, ConversationState, Topic
from messaging.fields import BodyField, KeyField, LineField
from messaging.models.conversations import MAX_BODY

NUMBER = r"-\d{1,18}"


class ConfirmedField(forms.CharField):
    """The kinds of words that the writer was already asked about, with commas."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, required=False)

    def clean(self, value: object) -> frozenset[str]:
        return frozenset(str(value or "").split(",")) & CONFIRMABLE


class ScreenedForm(forms.Form):
    """Words that are held back once: the page that comes next says that its writer was asked (AU-1, PA-8, PA-7)."""

    confirmed = ConfirmedField()
    confirm_kind: str = ""
    office_topic: Topic | str = ""

    def ask(self, kind: str) -> None:
        answers = self.data.copy()
        before = ConfirmedField().clean(answers.get("confirmed"))
        answers["confirmed"] = ",".join(sorted({*before, kind}))
        self.data = answers


class MessageForm(ScreenedForm):
    body = BodyField(
        label=_("Your message"),
        widget=forms.Textarea({"rows": 3, "data-limit": MAX_BODY, "data-left": _("Characters left:")}),
    )
    key = KeyField()


class KeyForm(forms.Form):
    """One press without words."""

    key = KeyField()


class DoneForm(forms.Form):
    """`seen`: the other side's last message that stood on the page; 0 for none."""

    seen = HiddenNumberField(min_value=0, max_value=2**62)


class ReplyForm(forms.Form):
    """Which standard reply is put into the answer; what was typed stays."""

    reply = forms.IntegerField(min_value=1, max_value=2**62)


class ConversationQueryForm(forms.Form):
    """What an address may ask of a conversation: messages older than one, news since a state.

    `live`: what stands on the page that asks. "words": a form whose button says when; "asked": one that asks first.
    """

    before = HiddenNumberField(required=False, min_value=0, max_value=2**62)
    mark = forms.CharField(required=False, max_length=40)
    live = forms.ChoiceField(required=False, choices=[("form", ""), ("confirm", "")])


class AgainForm(forms.Form):
    """Which earlier press to several families is written anew."""

    again = HiddenNumberField(required=False, min_value=0, max_value=2**62)


class ListForm(forms.Form):
    """What the class may ask of its list: a state, a name or words, the page after a place."""

    state = forms.ChoiceField(required=False, choices=ConversationState.choices)
    find = LineField(required=False, max_length=60)
    after = forms.RegexField(rf"^[01]\.[01]\.{NUMBER}\.{NUMBER}$", required=False)

    def clean_after(self) -> PageCursor | None:
        if not self.cleaned_data["after"]:
            return None
        done, answered, when, number = (int(part) for part in self.cleaned_data["after"].split("."))
        return PageCursor(bool(done), (answered, when, number))
