"""Forms of the sign-in pages: allauth's, with the school's rules (AU-6)."""

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.codes.typed_codes import CodeAsTypedMixin
from accounts.enums import UserKind
from accounts.models.people import User
from accounts.sessions.devices import forget_other_devices
from accounts.sessions.lifetime import SHARED
from accounts.sessions.rate_limits import MAILED_CODE, RateLimit, RateLimited
from accounts.sign_in.adapter import PASSKEY_NEXT, device_mark
from accounts.sign_in.mfa import passkeys_work
from accounts.staff.invitation_link import carried_invitation

OWN, OTHERS = "true", "false"
SIGN_UP = "sign_up"  # in the session: the hash of the password of an account that could not be made
BY_PASSWORD, BY_CODE, BY_PASSKEY = "password", "code", "passkey"


class SharedDeviceMixin(forms.Form):
    """Ask whether others use the device.

    Then the sign-in ends with the browser or after thirty idle minutes (A09).
    """

    def remember_choice(self, request: HttpRequest) -> None:
        request.session[SHARED] = not self.cleaned_data.get("remember")


class LoginForm(SharedDeviceMixin, allauth_forms.LoginForm):
    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        self.remember_choice(request)
        return super().login(request, redirect_url)


class RequestLoginCodeForm(SharedDeviceMixin, allauth_forms.RequestLoginCodeForm):
    """Mail a code to a person's confirmed address.

    Any other address gets a mail without one.
    """

    remember = forms.BooleanField(required=False)
    _user: User | None

    def clean(self) -> dict:
        chosen = super().clean() or {}
        self.remember_choice(allauth_context.request)
        return chosen

    def clean_email(self) -> str:
        email = super().clean_email()
        self._user = self._user if self._user and may_have_code(self._user, email) else None
        return email


def may_have_code(user: User, email: str) -> bool:
    """Return whether a code may sign this person in.

    The address must be confirmed or theirs to confirm. Who chose codes at sign-up and was interrupted may
    confirm it this way. Where somebody chose a password for an unconfirmed address, its owner must not open
    their account for them.
    """
    if user.kind != UserKind.PERSON or not user.is_active or user.removed_at:
        return False
    confirmed = EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists()
    return confirmed or not user.has_usable_password()


class SignupForm(allauth_forms.SignupForm):
    """Sign up with a password, with mailed codes, or with a passkey."""

    way = forms.ChoiceField(
        label=_("How would you like to sign in?"),
        choices=[(BY_PASSWORD, _("With a password")), (BY_CODE, _("With a code that you send me each time"))],
        initial=BY_PASSWORD,
        required=False,
        widget=forms.RadioSelect(attrs={"opens": BY_PASSWORD}),
    )
    field_order = ["email", "way", "password1"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].widget.attrs["follow"] = True
        self.offer = carried_invitation(allauth_context.request)
        if self.offer:
            self.fields["email"].initial = self.offer.address
        if passkeys_work(allauth_context.request):
            named = (BY_PASSKEY, _("With a passkey: your face, your finger or your device’s PIN"))
            self.fields["way"].choices = [*self.fields["way"].choices, named]

    def clean_email(self) -> str:
        return own_address(super().clean_email())

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        request.session[PASSKEY_NEXT] = self.cleaned_data.get("way") == BY_PASSKEY
        password = self.cleaned_data.get("password1")
        if self.account_already_exists and password:  # for another address, should this one be a slip
            request.session[SIGN_UP] = make_password(password)
        return super().try_save(request)

    def clean(self) -> dict:
        chosen = super().clean()
        if self.by_passkey:
            return chosen
        if chosen.get("way") in (BY_CODE, BY_PASSKEY):
            chosen["password1"] = ""
            self.errors.pop("password1", None)
        elif not chosen.get("password1") and "password1" not in self.errors:
            self.add_error("password1", _("Choose a password, or a code each time."))
        return chosen


def own_address(email: str) -> str:
    """Return an address in small letters that this browser may sign up with."""
    email = email.lower()
    if not get_adapter().may_sign_up_with(allauth_context.request, email):
        raise forms.ValidationError(_("Please use the e-mail address that the invitation was sent to."))
    return email


class WrongAddressForm(forms.Form):
    """Another address for a sign-up whose code has been mailed already."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args, email: str = "", **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.before = email
        self.offer = carried_invitation(allauth_context.request)

    def clean_email(self) -> str:
        email = own_address(self.cleaned_data["email"])
        if email == self.before.lower():
            raise forms.ValidationError(_("The code went to this address. Please check its spelling."))
        return email


class NewPasswordMixin:
    """Type a new password once: a mistake is mended by a link.

    Other browsers become unknown.
    """

    user: User

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]  # type: ignore[attr-defined]  # a mixin

    def save(self) -> None:
        super().save()  # type: ignore[misc]  # a mixin
        forget_other_devices(self.user, keep=device_mark(allauth_context.request))


class ChangePasswordForm(NewPasswordMixin, allauth_forms.ChangePasswordForm):
    def clean_oldpassword(self) -> str:
        """Count wrong old passwords, and notify the owner (A01)."""
        old = self.cleaned_data.get("oldpassword", "")
        if not get_adapter().authenticate(allauth_context.request, email=self.user.email, password=old):
            raise get_adapter().validation_error("enter_current_password")
        return old


class LimitedCodeMixin(CodeAsTypedMixin):
    """Allow three tries of a mailed code, even in parallel (AU-6).

    Each is counted before the check.
    """

    expected_code: str | None

    def clean_code(self) -> str:
        key = f"{allauth_context.request.session.session_key}:{self.expected_code}"
        try:
            RateLimit((MAILED_CODE, key)).acquire()
        except RateLimited:
            raise get_adapter().validation_error("incorrect_code") from None
        return super().clean_code()


class ConfirmLoginCodeForm(LimitedCodeMixin, allauth_forms.ConfirmLoginCodeForm):
    pass


class ConfirmAddressCodeForm(LimitedCodeMixin, allauth_forms.ConfirmEmailVerificationCodeForm):
    pass


class ResetPasswordKeyForm(NewPasswordMixin, allauth_forms.ResetPasswordKeyForm):
    pass
