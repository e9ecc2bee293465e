"""allauth's mfa pages, with the school's rules where they differ."""

from allauth.account.decorators import reauthentication_required
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator

from accounts.allauth_internals import begin_passkey, requires_confirmed_address
from accounts.http import PortalRequest
from accounts.parent_lock.lock import unlock
from accounts.parent_lock.pin import forgive_wrong_pins
from accounts.sign_in.mfa import authenticators_of, consume_code, must_use_mfa, note_enrolled
from accounts.sign_in.mfa_adapter import MfaAdapter
from accounts.sign_in.openid import sign_in_methods_of

Kind = Authenticator.Type


class InvalidFormMixin:
    """Answer 422 to a form with errors, as everywhere in the portal."""

    def form_invalid(self, form) -> HttpResponse:
        answer = super().form_invalid(form)  # type: ignore[misc]  # a mixin
        if answer.status_code == 200:
            answer.status_code = 422
        return answer


def mfa_setup(request: PortalRequest) -> HttpResponse:
    """Let office and leaders choose which mfa to set up first."""
    if not request.actor.is_personal:
        raise Http404
    if authenticators_of(request.actor.user):
        return redirect("mfa_index")
    return render(request, "accounts/sign_in/mfa.html")


class SignInMethodsView(InvalidFormMixin, base.IndexView):
    """Show a person how they sign in."""

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        codes = context["authenticators"].get(Kind.RECOVERY_CODES)
        unused = len(codes.get_unused_codes()) if codes else 0
        return context | {"codes_left": unused, "providers": sign_in_methods_of(self.request.actor)}


class MfaAuthenticateView(InvalidFormMixin, base.AuthenticateView):
    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        options = context["js_data"]["request_options"]["publicKey"]
        return context | {"has_passkey": bool(options.get("allowCredentials"))}


class ReauthenticateByCodeView(InvalidFormMixin, base.ReauthenticateView):
    pass


class ReauthenticateByPasskeyView(InvalidFormMixin, webauthn.ReauthenticateWebAuthnView):
    def form_valid(self, form) -> HttpResponse:
        """Open the parent lock too, by a parent's passkey (PA-11)."""
        answer = super().form_valid(form)
        if self.request.actor.is_parent:
            forgive_wrong_pins(by=self.request.actor)
            unlock(self.request, how="passkey")
        return answer


@method_decorator(requires_confirmed_address, name="dispatch")
@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class SetUpAuthenticatorView(InvalidFormMixin, totp.ActivateTOTPView):
    """Set up an authenticator, or replace the old telephone's in one transaction."""

    def dispatch(self, request: PortalRequest, *args: object, **kwargs: object) -> HttpResponse:
        # Past allauth's own, which sends whoever has one away to end it first.
        return super(totp.ActivateTOTPView, self).dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        secret = context["form"].secret
        return context | {"secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))}

    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        mine = Authenticator.objects.select_for_update().filter(user=self.request.user, type=Kind.TOTP)
        mine.delete()
        answer = super().form_valid(form)
        consume_code(
            Authenticator.objects.get(user=self.request.user, type=Kind.TOTP), form.cleaned_data["code"]
        )
        note_enrolled(self.request, Kind.TOTP)
        return answer


class RemoveAuthenticatorView(InvalidFormMixin, totp.DeactivateTOTPView):
    pass


class AddPasskeyView(InvalidFormMixin, webauthn.AddWebAuthnView):
    """Add a passkey that signs in by itself.

    Stored on the device, verified by face, finger or PIN.
    """

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        # After allauth's own options, which ask for less: the last begun registration counts.
        options = {"creation_options": begin_passkey(self.request.user)}
        joining = "joining" in self.request.GET or "joining" in self.request.POST
        return context | {"js_data": options, "joining": joining}

    @transaction.atomic
    def form_valid(self, form) -> HttpResponse:
        answer = super().form_valid(form)
        note_enrolled(self.request, Kind.WEBAUTHN)
        if must_use_mfa(self.request.user):
            return answer
        # A family's passkey replaces the password: there is no mfa to recover.
        Authenticator.objects.filter(user=self.request.user, type=Kind.RECOVERY_CODES).delete()
        return redirect("home" if "joining" in self.request.POST else "mfa_index")


class OwnPasskeyMixin(InvalidFormMixin):
    """Answer 404 to somebody else's passkey before any re-authentication."""

    def dispatch(self, request: PortalRequest, *args: object, **kwargs: object) -> HttpResponse:
        get_object_or_404(self.get_queryset(), pk=kwargs["pk"])  # type: ignore[attr-defined]  # a mixin
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a mixin


class RenamePasskeyView(OwnPasskeyMixin, webauthn.EditWebAuthnView):
    pass


class RemovePasskeyView(OwnPasskeyMixin, webauthn.RemoveWebAuthnView):
    def form_valid(self, form) -> HttpResponse:
        if not MfaAdapter().can_delete_authenticator(self.get_object()):
            raise PermissionDenied
        return super().form_valid(form)


class RecoveryCodesView(InvalidFormMixin, recovery.ViewRecoveryCodesView):
    pass


class NewRecoveryCodesView(InvalidFormMixin, recovery.GenerateRecoveryCodesView):
    pass


download_recovery_codes = recovery.download_recovery_codes
login_webauthn = webauthn.login_webauthn
