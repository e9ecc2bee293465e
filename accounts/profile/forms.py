"""Forms of the pages about one’s own account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User


class NewAddressForm(forms.Form):
    email = forms.EmailField(
        label=_("Your new e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if email == (self.user.email or "").lower():
            raise forms.ValidationError(_("This is your address already."))
        return email


class AddressCodesForm(forms.Form):
    """The code from each mailbox, in any case and punctuation."""

    old_code = forms.CharField(
        max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"})
    )
    new_code = forms.CharField(
        max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"})
    )


class EndDevicesForm(forms.Form):
    """One device by its id, or all the others."""

    device = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    others = forms.BooleanField(required=False)
