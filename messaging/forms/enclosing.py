"""Photos and documents that come with a message."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.models.attachments import MOST_FILES

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
    added = FilesField(
        label=_("Photos or documents"),
        help_text=_("Five at most: photos, or documents saved as PDF."),
        required=False,
        widget=SeveralFiles({"accept": "image/jpeg,image/png,image/webp,image/heic,application/pdf"}),
    )
    kept = NamesField(required=False)
