"""Validate messages, and the queries of their pages."""

from typing import cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from malpas.lib.hidden import HiddenNumberField
from messaging.conversations.queries.class_inbox import PageCursor
from messaging.enums import CONFIRMABLE, ConversationState, Topic
from messaging.fields import BodyField, KeyField, LineField
from messaging.models.conversations import MAX_BODY

NUMBER = r"-\d{1,18}"


class ConfirmedField(forms.CharField):
    """Read the kinds of screening that the writer has confirmed, comma-separated."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, required=False)

    def clean(self, value: object) -> frozenset[str]:
        return frozenset(str(value or "").split(",")) & CONFIRMABLE


class ScreenedForm(forms.Form):
    """Hold a text that its writer may have to confirm.

    AU-1, PA-8, PA-7.
    `confirm_kind`: the kind to confirm now; `hint`: what its writer reads; `office_topic`: of the office's
    form to offer instead.
    """

    confirmed = ConfirmedField()
    confirm_kind: str = ""
    office_topic: Topic | str = ""
    hint: Exception | None = None

    @property
    def status(self) -> int:
        """Return the status of the page that comes back."""
        return 422 if self.is_bound and (self.errors or self.hint) else 200

    def ask(self, kind: str) -> None:
        """Mark this kind as confirmed in the form that comes back."""
        answers = cast(QueryDict, self.data).copy()
        before = ConfirmedField().clean(answers.get("confirmed"))
        answers["confirmed"] = ",".join(sorted({*before, kind}))
        self.data = answers


class MessageForm(ScreenedForm):
    body = BodyField(
        label=_("Your message"),
        widget=forms.Textarea({"rows": 3, "data-limit": MAX_BODY, "data-left": _("Letters left:")}),
    )
    key = KeyField()


class DoneForm(forms.Form):
    """Read the last message that stood on the page.

    `seen`: its id, of the other side; 0 for none.
    """

    seen = HiddenNumberField(min_value=0, max_value=2**62)


class ReplyForm(forms.Form):
    """Choose a standard reply to insert."""

    reply = forms.IntegerField(min_value=1, max_value=2**62)


class ConversationQueryForm(forms.Form):
    """Read the query string of a conversation.

    `before`: messages older than this one. `back`: a withdrawn message whose text is in the field again. `mark`: the state that the open page shows. `live`: its form:
    "form", whose button says when a message arrives, or "confirm", which waits for a confirmation.
    """

    before = HiddenNumberField(required=False, min_value=0, max_value=2**62)
    back = HiddenNumberField(required=False, min_value=0, max_value=2**62)
    mark = forms.CharField(required=False, max_length=40)
    live = forms.ChoiceField(required=False, choices=[("form", ""), ("confirm", "")])


class AgainForm(forms.Form):
    """Read which earlier broadcast is written anew."""

    again = HiddenNumberField(required=False, min_value=0, max_value=2**62)


class ListForm(forms.Form):
    """Read the query string of a class's list.

    A state, a name or words to find, and the cursor after which the page begins.
    """

    state = forms.ChoiceField(required=False, choices=ConversationState.choices)
    find = LineField(required=False, max_length=60)
    after = forms.RegexField(rf"^[01]\.[01]\.{NUMBER}\.{NUMBER}$", required=False)

    def clean_after(self) -> PageCursor | None:
        if not self.cleaned_data["after"]:
            return None
        done, answered, when, number = (int(part) for part in self.cleaned_data["after"].split("."))
        return PageCursor(bool(done), (answered, when, number))
