"""The input of every PIN."""

from django import forms


class PinInput(forms.PasswordInput):
    """A field for four to eight digits, drawn as dots and never filled in again.

    It is no password field: a browser would offer to keep the PIN as the password of the account, and passes over
    `autocomplete=off` there.
    """

    input_type = "text"

    def __init__(self, attrs: dict | None = None) -> None:
        own = {
            "class": "input--pin",
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "maxlength": "8",
        }
        super().__init__(own | (attrs or {}))
