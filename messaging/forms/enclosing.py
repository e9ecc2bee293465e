"""Photos and documents that come with a message."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from malpas.lib.text import clean_line
from messaging.models.attachments import MOST_FILES, MOST_OF_ALT

NAME = re.compile(r"[0-9a-f]{32}")
GONE = _("What you added was here for too long. Please add it again.")


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else []


class FilesField(forms.Field):
    """Files of any kind and number: each is looked at by itself, so that one that is wrong loses no other."""

    widget = SeveralFiles


class NamesField(forms.Field):
    """Names of what was added before, each once."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: object) -> list[str]:
        names = list(dict.fromkeys(str(one) for one in value)) if isinstance(value, list) else []
        if any(not NAME.fullmatch(name) for name in names):
            raise forms.ValidationError(GONE)
        return names[: 2 * MOST_FILES]


class EnclosedForm(forms.Form):
    """`message`: the one that is changed, where a script adds files to its page."""

    added = FilesField(
        label=_("Photos or documents"),
        help_text=_("Five at most: photos, or documents saved as PDF."),
        required=False,
        widget=SeveralFiles({"accept": "image/jpeg,image/png,image/webp,image/heic,application/pdf"}),
    )
    kept = NamesField(required=False)
    message = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    def clean(self) -> dict:
        """With `described`: what is said to be on each of the files that stay, by name."""
        answers = super().clean() or {}
        fields = {
            name: self.data[f"alt_{name}"] for name in answers.get("kept", ()) if f"alt_{name}" in self.data
        }
        return answers | {
            "described": {name: clean_line(said)[:MOST_OF_ALT] for name, said in fields.items()}
        }
