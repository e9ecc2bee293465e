"""Define form fields for files that are stored when chosen."""

import re
from typing import TYPE_CHECKING

from django import forms

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

NAME = re.compile(r"[0-9a-f]{32}")
# For `accept`: a picker that knows no type for .heic offers it by its ending.
PHOTOS = "image/jpeg,image/png,image/webp,image/heic,image/heif,.jpg,.jpeg,.png,.webp,.heic,.heif"
PHOTOS_AND_DOCUMENTS = f"{PHOTOS},application/pdf,.pdf"


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, _data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else []


class FilesField(forms.Field):
    """Take files of any kind and number.

    Each is checked by itself, so that a wrong one loses no other.
    """

    widget = SeveralFiles


class NamesField(forms.Field):
    """Take the names of stored files, each once, at most `most`.

    `gone`: the sentence for a value that is no name.
    """

    widget = forms.MultipleHiddenInput

    def __init__(self, *, most: int, gone: "str | StrPromise", **kwargs) -> None:
        super().__init__(**kwargs)
        self.most, self.gone = most, gone

    def clean(self, value: object) -> list[str]:
        names = list(dict.fromkeys(str(one) for one in value)) if isinstance(value, list) else []
        if any(not NAME.fullmatch(name) for name in names):
            raise forms.ValidationError(self.gone)
        return names[: self.most]
