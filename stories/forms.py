"""Define the input of stories, query strings included."""

from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from malpas.lib.text import clean_line, is_blank
from malpas.lib.uploads.fields import PHOTOS, FilesField, NamesField, SeveralFiles
from stories.models import MOST_OF_ALT
from stories.queries import Cursor
from stories.rules import MAX_PHOTOS

GONE = _("What you added was here for too long. Please add it again.")
AGAIN_KEY = _("This page was open for too long. Please open it again to post.")


class CursorField(forms.CharField):
    """A place in the newsfeed, as its pages write it."""

    def to_python(self, value) -> Cursor | None:  # type: ignore[override]  # not only text
        text = super().to_python(value)
        try:
            return Cursor.read(text) if text else None
        except ValueError:
            raise ValidationError("", code="cursor") from None


class FeedForm(forms.Form):
    child = forms.IntegerField(required=False, min_value=1)
    before = CursorField(required=False)


class LookForm(forms.Form):
    """The newest story that a parent's newsfeed showed; none where it was empty."""

    until = CursorField(required=False)


class CleanTextField(forms.CharField):
    """A text field with normalised line ends; invisible text counts as empty."""

    def to_python(self, value) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n")
        return "" if is_blank(text) else text


class PostTextForm(forms.Form):
    title = CleanTextField(
        label=_("Title"),
        max_length=120,
        error_messages={"required": _("Please give your story a title.")},
    )
    body = CleanTextField(
        label=_("Your story"),
        max_length=5000,
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": _("Please write a few words.")},
    )


class CorrectionForm(PostTextForm):
    """New words of a story that has gone out. `seen`: the version that the writer read."""

    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


class StoryForm(PostTextForm):
    """A new story. `key`: its idempotency key."""

    key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={"invalid": AGAIN_KEY, "required": AGAIN_KEY},
    )


class PhotosForm(forms.Form):
    """The photos of a story.

    `added`: those just chosen. `stored`: names of those stored before.
    """

    added = FilesField(
        label=_("Photos"),
        help_text=_(
            "Up to 5: JPEG, PNG, WebP or HEIC, each under 20 MB. We remove where and with what they were taken."
        ),
        required=False,
        widget=SeveralFiles({"accept": PHOTOS}),
    )
    stored = NamesField(required=False, most=2 * MAX_PHOTOS, gone=GONE)

    def clean(self) -> dict:
        """Add `described`: the description of each stored photo, by name."""
        answers = super().clean() or {}
        fields = {
            name: self.data[f"alt_{name}"] for name in answers.get("stored", ()) if f"alt_{name}" in self.data
        }
        return answers | {
            "described": {name: clean_line(said)[:MOST_OF_ALT] for name, said in fields.items()}
        }
