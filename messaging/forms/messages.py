from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.forms.fields import KeyField, WordsField


class MessageForm(forms.Form):
    body = WordsField(label=_("Your message"))
    key = KeyField()


class TalkForm(forms.Form):
    """What an address may ask of a conversation: messages older than one, news since a state, a meeting."""

    before = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    mark = forms.CharField(required=False, max_length=40)
    about = forms.ChoiceField(required=False, choices=[("meeting", "meeting")])
