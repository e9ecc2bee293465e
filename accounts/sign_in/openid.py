"""Sign in with the school's own Microsoft or Google (AU-6).

The provider names a person by its own id, the subject. Of its answer only the subject and the school's tenant
or domain are read: no address, no name. Every refusal shows the same sentence.
"""

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.actor import Actor, actor_of
from accounts.allauth_internals import providers_in_settings, read_id_token
from accounts.rules import may_use_provider
from accounts.sign_in.openid_services import connect_provider
from malpas.lib.errors import RuleViolation

FLOW_SECONDS = 10 * 60  # how long the provider's own description is cached
NEEDED = {"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"}


def configured_providers() -> dict[str, str]:
    """Return the providers of this installation: id → name."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return {app["provider_id"]: app["name"] for app in apps}


def sign_in_methods_of(actor: Actor) -> list[dict]:
    """Return each provider with this staff member's connection or None.

    Nothing for others.
    """
    if not may_use_provider(actor.user):
        return []
    mine = {each.provider: each for each in SocialAccount.objects.filter(user=actor.user)}
    return [{"id": key, "name": name, "mine": mine.get(key)} for key, name in configured_providers().items()]


def refused_page(request: HttpRequest) -> HttpResponse:
    """Return the one answer to every sign-in that is refused."""
    return render(request, "account/provider_refused.html", status=403)


class SchoolOpenID(OpenIDConnectOAuth2Adapter):
    """allauth's OpenID Connect, always checking signature and tenant."""

    @property
    def openid_config(self) -> dict:
        key = f"openid:{self.get_provider().server_url}"
        known = cache.get(key)
        if known is None:
            known = super().openid_config
            if not (isinstance(known, dict) and known.keys() >= NEEDED):
                raise OAuth2Error("The provider does not say where it answers.")
            cache.set(key, known, FLOW_SECONDS)
        return known

    def complete_login(self, request: HttpRequest, app, token, **kwargs) -> SocialLogin:
        """Check the token.

        Raises OAuth2Error for a wrong issuer, client, tenant, domain or signature.
        """
        try:
            claims = self.claims_of(app, kwargs["response"]["id_token"])
            name, school = app.settings["belongs"]
            subject = claims["sub"]
            if claims.get(name) != school or not isinstance(subject, str):
                raise OAuth2Error("Not of this school.")
            return self.get_provider().sociallogin_from_response(request, {"id_token": {"sub": subject}})
        except (KeyError, ValueError, TypeError) as error:
            raise OAuth2Error("This is no answer.") from error

    def claims_of(self, app, id_token: str) -> dict:
        keys_url, issuer = self.openid_config["jwks_uri"], self.openid_config["issuer"]
        return read_id_token(id_token, keys_url=keys_url, issuer=issuer, audience=app.client_id)


class ProviderAdapter(DefaultSocialAccountAdapter):
    def list_apps(self, request, provider=None, client_id=None) -> list:
        """Read providers from the environment alone; no table row opens a sign-in."""
        return providers_in_settings(provider, client_id)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def on_authentication_error(self, request: HttpRequest, *args, **kwargs) -> None:
        """Show our one page for a cancelled, refused, forged or repeated answer."""
        raise ImmediateHttpResponse(refused_page(request))

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Sign in the staff member who connected this subject, and nobody else."""
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            raise ImmediateHttpResponse(self.connect(request, sociallogin))
        if not (sociallogin.is_existing and may_use_provider(sociallogin.user)):
            raise ImmediateHttpResponse(refused_page(request))

    def connect(self, request: HttpRequest, sociallogin: SocialLogin) -> HttpResponse:
        """Connect an account, only in the sign-in that asked for it."""
        by, account = actor_of(request), sociallogin.account
        if by is None or not by.is_personal or sociallogin.state.get("data") != by.user.pk:
            return refused_page(request)
        try:
            connect_provider(provider=account.provider, subject=account.uid, by=by)
        except RuleViolation as violation:
            messages.error(request, violation.sentence)
        else:
            messages.success(
                request,
                _("You can sign in with %(name)s now.") % {"name": configured_providers()[account.provider]},
            )
        return redirect("mfa_index")
