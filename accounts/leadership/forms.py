"""Forms for handing over the headship, and for helping a colleague with their account."""

from django import forms
from django.utils.translation import gettext_lazy as _


class HandOverForm(forms.Form):
    """The account that the page named, so that nobody else becomes the head."""

    seen = forms.IntegerField(min_value=1, max_value=2**53, widget=forms.HiddenInput)

    def account(self) -> int | None:
        """Return the id that was sent, or None for what makes no sense."""
        return self.cleaned_data["seen"] if self.is_valid() else None


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why, and how you made sure that it is really this person who asks"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Speak with them in person or telephone a number that you know. Never rely on an e-mail alone."
        ),
        error_messages={"required": _("Write down why: it stays on record.")},
    )


class SignOutForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        error_messages={"required": _("Write down why: it stays on record.")},
    )


class AddressForm(ReasonForm):
    """A colleague's new address; `seen`: the one that the page showed."""

    field_order = ["address", "reason", "seen"]
    address = forms.EmailField(
        label=_("New e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "size": 40}),
    )
    seen = forms.CharField(max_length=254, widget=forms.HiddenInput)


class ProviderForm(forms.Form):
    """Which connection ends."""

    provider = forms.CharField(max_length=40)
