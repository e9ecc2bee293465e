"""allauth's forms of the second step. A code of the authenticator opens once."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator

from accounts.second_factor import spend_code


class OnceOnly:
    """Refuses a code that was used before, here or at another sign-in, though its half minute is not over."""

    authenticator: Authenticator

    def clean_code(self) -> str:
        code = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP and not spend_code(self.authenticator, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondStepForm(OnceOnly, forms.AuthenticateForm):
    pass


class AgainForm(OnceOnly, forms.ReauthenticateForm):
    pass
