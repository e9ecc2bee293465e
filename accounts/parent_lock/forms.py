"""Forms for unlocking the parent lock and for choosing its PIN."""

from django import forms
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts.codes.pin_input import PinInput

PIN_DIGITS = r"^[0-9]{4,8}$"


class _NextForm(forms.Form):
    next = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def clean_next(self) -> str:
        """Return an address within the portal, or ''."""
        path = self.cleaned_data["next"]
        own = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
        return path if own else ""

    def next_address(self) -> str:
        """Return where to go on, whatever other errors the form has."""
        self.is_valid()  # cleans once; errors added since stay
        return self.cleaned_data.get("next", "")


class UnlockQueryForm(_NextForm):
    """The query string of the unlock page.

    Where to go on, and a forgotten PIN.
    """

    forgotten = forms.BooleanField(required=False)


def pin_field(label) -> forms.RegexField:
    return forms.RegexField(
        PIN_DIGITS,
        label=label,
        widget=PinInput,
        error_messages={
            "required": _("Enter your PIN."),
            "invalid": _("A PIN has 4 to 8 digits."),
        },
    )


class UnlockByPinForm(_NextForm):
    pin = pin_field(_("Your PIN"))


class UnlockByPasswordForm(_NextForm):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=500,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password.")},
    )


class UnlockByCodeForm(_NextForm):
    code = forms.CharField(
        label=_("The code from the e-mail"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "one-time-code", "class": "input--short"}),
        error_messages={"required": _("Enter the code.")},
    )


class ChoosePinForm(forms.Form):
    new = pin_field(_("Your new PIN"))
    again = pin_field(_("Type it again"))

    def clean(self) -> dict[str, object]:
        answers = super().clean() or {}
        if answers.get("new") and answers.get("again") and answers["new"] != answers["again"]:
            self.add_error("again", _("The two PINs are not the same."))
        return answers
