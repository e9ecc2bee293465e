"""allauth's mfa forms: a code opens once, and few may be guessed."""

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as passkeys
from django.core.exceptions import ValidationError
from django.forms import CharField, Form, Textarea
from django.utils.translation import gettext_lazy as _

from accounts.codes.typed_codes import CodeAsTypedMixin
from accounts.models.people import User
from accounts.sessions.rate_limits import Limit, RateLimit, RateLimited
from accounts.sign_in.mfa import consume_code
from accounts.staff.mfa_reset import notify_owner_of_codes

# The right password has been given before, so five tries, and fifty in a day.
CODES = Limit("second-step", 5, 5 * 60, notifies=True)
CODES_OF_A_DAY = Limit("second-step-day", 50, 24 * 60 * 60)


def counted_codes(user: User) -> RateLimit:
    return RateLimit((CODES, user.pk), (CODES_OF_A_DAY, user.pk))


class SingleUseCodeMixin(CodeAsTypedMixin):
    """Refuse a code that was used before, within its thirty seconds (A11).

    Here or at another sign-in.
    """

    user: User
    authenticator: Authenticator

    def clean_code(self) -> str:
        counted = counted_codes(self.user)
        try:
            counted.acquire()
            code = super().clean_code()
            if self.user.removed_at:
                raise get_adapter().validation_error("incorrect_code")
            if self.authenticator.type == Authenticator.Type.TOTP and not consume_code(
                self.authenticator, code
            ):
                raise get_adapter().validation_error("incorrect_code")
        except RateLimited:
            raise get_account_adapter().validation_error("too_many_login_attempts") from None
        except ValidationError:
            if counted.filled:
                notify_owner_of_codes(self.user, at=context.request.school.now)
            raise
        counted.release()
        return code


class PasskeyForm(passkeys.LoginWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        """Answer a removed person's passkey like an unknown one (PA-9)."""
        authenticator = super().clean_credential()
        if not authenticator.user.is_active or authenticator.user.removed_at:
            raise get_adapter().validation_error("incorrect_code")
        return authenticator


class MfaForm(SingleUseCodeMixin, forms.AuthenticateForm):
    pass


class SetUpAuthenticatorForm(CodeAsTypedMixin, totp_forms.ActivateTOTPForm):
    pass


class ReauthenticateForm(SingleUseCodeMixin, forms.ReauthenticateForm):
    pass


class ResetForm(Form):
    reason = CharField(
        label=_("Why, and how you made sure that it is really this person who asks"),
        max_length=500,
        widget=Textarea(attrs={"rows": 3}),
        help_text=_(
            "Speak with them in person or telephone a number that you know. Never rely on an e-mail alone."
        ),
    )
