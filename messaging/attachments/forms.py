"""Validate the photos and documents that come with a message."""

from django import forms
from django.utils.translation import gettext_lazy as _

from malpas.lib.hidden import HiddenNumberField
from malpas.lib.text import clean_line
from malpas.lib.uploads.fields import PHOTOS_AND_DOCUMENTS, FilesField, NamesField, SeveralFiles
from messaging.models.attachments import MOST_FILES, MOST_OF_ALT

GONE = _("What you added was here for too long. Please add it again.")


class AttachmentsForm(forms.Form):
    """Read new files, the names of uploaded ones, and their descriptions.

    `message`: the pending message that is changed, where a script adds files to its page.
    """

    added = FilesField(
        label=_("Photos or documents"),
        help_text=_("Up to 5: photos, or documents saved as PDF."),
        required=False,
        widget=SeveralFiles({"accept": PHOTOS_AND_DOCUMENTS}),
    )
    stored = NamesField(required=False, most=2 * MOST_FILES, gone=GONE)
    message = HiddenNumberField(required=False, min_value=0, max_value=2**62)

    def clean(self) -> dict:
        """Add `described`: the description of each uploaded file, by name."""
        answers = super().clean() or {}
        fields = {
            name: self.data[f"alt_{name}"] for name in answers.get("stored", ()) if f"alt_{name}" in self.data
        }
        return answers | {
            "described": {name: clean_line(description)[:MOST_OF_ALT] for name, description in fields.items()}
        }
