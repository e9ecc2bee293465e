"""The form of the admin page of accounts."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from accounts.profile.email_change import AddressTaken, is_taken


class AccountForm(forms.ModelForm):
    """Let office and leaders change a lost address and end all sign-ins."""

    new_address = forms.EmailField(
        label=_("New e-mail address"),
        required=False,
        help_text=_(
            "Only when you have seen the person and know them. We write to both addresses, and sign out every device."
        ),
    )
    sign_out = forms.BooleanField(
        label=_("Sign this account out everywhere"),
        required=False,
        help_text=_("At once, on every device."),
    )
    reason = forms.CharField(label=_("Reason"), required=False, max_length=300)

    class Meta:
        model = User
        fields: list[str] = []

    def clean(self) -> dict:
        chosen = super().clean() or {}
        if (chosen.get("new_address") or chosen.get("sign_out")) and not chosen.get("reason", "").strip():
            self.add_error("reason", _("Write down why: it stays on record."))
        return chosen

    def clean_new_address(self) -> str:
        address = self.cleaned_data["new_address"].lower()
        if address and is_taken(address):
            raise forms.ValidationError(AddressTaken.sentence)
        return address
