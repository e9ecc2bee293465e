"""Take codes as people and telephones type them."""

from malpas.lib.text import letters_of_code


class CodeAsTypedMixin:
    """Take a code with any dash, spaces, or wide letters, as telephones paste it."""

    cleaned_data: dict

    def clean_code(self) -> str:
        self.cleaned_data["code"] = letters_of_code(self.cleaned_data["code"])
        return super().clean_code()  # type: ignore[misc]  # a mixin
