"""Input of stories, query strings included."""

from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from malpas.lib.text import is_blank
from stories.queries import Cursor
from stories.rules import MAX_PHOTOS

AGAIN = _("Please choose this photo again.")
AGAIN_KEY = _("This page was open for too long. Please open it again to post.")


class FeedForm(forms.Form):
    child = forms.IntegerField(required=False, min_value=1)
    before = forms.CharField(required=False, max_length=60)

    def clean_before(self) -> Cursor | None:
        text = self.cleaned_data["before"]
        try:
            return Cursor.read(text) if text else None
        except ValueError:
            raise ValidationError("", code="cursor") from None


class Said(forms.CharField):
    """Words of a person: line ends count once, and what cannot be seen is nothing."""

    def to_python(self, value) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n")
        return "" if is_blank(text) else text


class WordsForm(forms.Form):
    title = Said(
        label=_("Title"),
        max_length=120,
        error_messages={"required": _("Please give your story a title.")},
    )
    body = Said(
        label=_("Your story"),
        max_length=5000,
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": _("Please write a few words.")},
    )


class StoryForm(WordsForm):
    """Photos come in pairs of a file and what it shows: whoever cannot see it is told."""

    key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid4,
        error_messages={"invalid": AGAIN_KEY, "required": AGAIN_KEY},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, MAX_PHOTOS + 1):
            self.fields[f"photo_{n}"] = forms.FileField(
                label=_("Photo %(n)s") % {"n": n},
                required=False,
                widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp,image/heic"}),
            )
            self.fields[f"alt_{n}"] = forms.CharField(
                label=_("What does photo %(n)s show?") % {"n": n},
                required=False,
                max_length=200,
                help_text=_("For those who cannot see it. Every photo needs this."),
            )

    @property
    def slots(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"photo_{n}"], self[f"alt_{n}"]) for n in range(1, MAX_PHOTOS + 1)]

    @property
    def more_is_used(self) -> bool:
        return any(field.errors or field.value() for slot in self.slots[1:] for field in slot)

    def pictures(self) -> dict[int, tuple]:
        """Slot → the file and its description."""
        data = self.cleaned_data
        return {
            n: (data[f"photo_{n}"], data[f"alt_{n}"])
            for n in range(1, MAX_PHOTOS + 1)
            if data.get(f"photo_{n}")
        }

    def clean(self) -> None:
        if sum(len(self.files.getlist(name)) for name in self.files) > MAX_PHOTOS:
            self.add_error(None, _("A story has five photos at most."))
        for n in range(1, MAX_PHOTOS + 1):
            photo, alt = f"photo_{n}", f"alt_{n}"
            has_photo, has_alt = self.cleaned_data.get(photo), self.cleaned_data.get(alt)
            if has_photo and not has_alt and alt not in self.errors:
                self.add_error(alt, _("Please say in a few words what the photo shows."))
            if has_alt and not has_photo and photo not in self.errors:
                self.add_error(photo, AGAIN)
        if self.errors:
            self.ask_again()

    def ask_again(self, *, but: str = "") -> None:
        """Browsers forget chosen files when a page comes back: the words stay, the photos are asked for again."""
        for n in range(1, MAX_PHOTOS + 1):
            name = f"photo_{n}"
            if name in self.files and name != but and name not in self.errors:
                self.add_error(name, AGAIN)
