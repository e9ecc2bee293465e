"""What the portal takes from allauth's inside still does what it did (`accounts/allauth_internals.py`)."""

import inspect
import time
from threading import Thread

import pytest
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import RequestLoginCodeForm
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from accounts import allauth_internals as internals
from tests.accounts.sign_in.mfa import at_mfa_page
from tests.accounts.sign_in.provider import Provider, serve

CHANGED = "allauth has changed {}: read its release notes and adapt accounts/allauth_internals.py"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # of RFC 6238, appendix B
SIGNATURES = {
    "record_authentication": (internals.login.record_authentication, "request user method extra_data"),
    "clear_login": (internals.clear_login, "request"),
    "redirect_if_add_not_allowed": (internals.redirect_if_add_not_allowed, "function"),
    "yield_hotp_counters_from_time": (internals.totp.yield_hotp_counters_from_time, ""),
    "hotp_value": (internals.totp.hotp_value, "secret counter"),
    "format_hotp_value": (internals.totp.format_hotp_value, "value"),
    "compare_user_code": (internals.compare_user_code, "actual expected"),
    "TOTP.activate": (internals.totp.TOTP.activate, "user secret"),
    "RecoveryCodes.activate": (internals.RecoveryCodes.activate, "user"),
    "get_unused_codes": (internals.RecoveryCodes.get_unused_codes, "self"),
    "begin_registration": (internals.webauthn.begin_registration, "user passwordless"),
    "verify_and_decode": (
        internals.jwtkit.verify_and_decode,
        "credential keys_url issuer audience lookup_kid verify_signature",
    ),
    "lookup_kid_jwk": (internals.jwtkit.lookup_kid_jwk, "keys_data kid"),
    "_build_apps_from_settings": (internals._build_apps_from_settings, "provider client_id"),
    # Methods that the portal's own classes replace.
    "AuthenticationBackend._check_password": (
        AuthenticationBackend.__dict__.get("_check_password"),
        "self user password",
    ),
    "DefaultAccountAdapter._delete_login_attempts_cached_email": (
        DefaultAccountAdapter.__dict__.get("_delete_login_attempts_cached_email"),
        "self request credentials",
    ),
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_allauth_takes_the_same_arguments(name):
    function, expected = SIGNATURES[name]
    assert callable(function), CHANGED.format(name)
    assert list(inspect.signature(function).parameters) == expected.split(), CHANGED.format(name)


def request_of(user, browser: Client | None = None) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user, request.session = user, (browser or Client()).session
    return request


def test_a_proof_is_noted_in_the_session(people):
    request, before = request_of(people.nia), time.time()
    internals.record_authentication(request, people.nia, "password", reauthenticated=True)
    (noted,) = get_authentication_records(request, people.nia)
    assert noted.pop("at") >= before, CHANGED.format("record_authentication")
    assert noted == {"method": "password", "reauthenticated": True}, CHANGED.format("record_authentication")
    assert get_authentication_records(request, people.gareth) == [], CHANGED.format("record_authentication")


def test_an_abandoned_sign_in_leaves_nothing(people):
    browser = at_mfa_page(people.deputy.user)
    request = request_of(people.deputy.user, browser)
    assert "account_login" in request.session, CHANGED.format("the session's key of a sign-in")
    assert get_authentication_records(request, people.deputy.user)
    internals.abandon_sign_in(request)
    assert "account_login" not in request.session, CHANGED.format("clear_login")
    assert not get_authentication_records(request, people.deputy.user), CHANGED.format("clear_login")


def test_mfa_is_added_with_a_confirmed_address_only(people, monkeypatch):
    said = []
    monkeypatch.setattr(DefaultAccountAdapter, "add_message", lambda *args, **kwargs: said.append(kwargs))
    view = internals.requires_confirmed_address(lambda request: HttpResponse("open"))
    assert view(request_of(people.nia)).content == b"open", CHANGED.format("redirect_if_add_not_allowed")
    EmailAddress.objects.filter(user=people.nia).update(verified=False)
    answer = view(request_of(people.nia))
    assert (answer.status_code, len(said)) == (302, 1), CHANGED.format("redirect_if_add_not_allowed")


@pytest.mark.parametrize("moment, code", [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_codes_are_those_of_the_standard(moment, code):
    assert internals.totp_code(SECRET, moment // 30) == code, CHANGED.format("hotp_value")


def test_codes_of_three_half_minutes_are_accepted(monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 3000.0)
    found = list(internals.totp_steps_now())
    assert found == [99, 100, 101], CHANGED.format("yield_hotp_counters_from_time")


def test_codes_compare_without_spaces_dashes_and_case():
    same = {("081 804", "081804"), ("bcdf-ghjk", "BCDFGHJK")}
    other = {("081805", "081804"), ("", ""), ("٠٨١٨٠٤", "081804")}
    assert all(internals.is_code(*pair) for pair in same), CHANGED.format("compare_user_code")
    assert not any(internals.is_code(*pair) for pair in other), CHANGED.format("compare_user_code")


def test_an_authenticator_app_is_stored(people):
    made = internals.add_authenticator_app(people.nia, SECRET)
    stored = Authenticator.objects.get(user=people.nia)
    assert (made.pk, stored.type) == (stored.pk, Authenticator.Type.TOTP), CHANGED.format("TOTP.activate")
    assert decrypt(stored.data["secret"]) == SECRET, CHANGED.format("TOTP.activate")


def test_recovery_codes_are_made_once_and_used_once(people):
    codes = internals.add_recovery_codes(people.nia)
    assert len(set(codes)) == 10 and all(len(code) == 8 for code in codes), CHANGED.format("RecoveryCodes")
    assert internals.add_recovery_codes(people.nia) == codes, CHANGED.format("RecoveryCodes.activate")
    stored = Authenticator.objects.get(user=people.nia, type=Authenticator.Type.RECOVERY_CODES)
    assert stored.wrap().validate_code(codes[3])
    assert internals.add_recovery_codes(people.nia) == codes[:3] + codes[4:], CHANGED.format("RecoveryCodes")


def test_a_passkey_signs_in_by_itself_and_the_last_begun_counts(people):
    request = request_of(people.nia)
    with request_context(request):
        first = internals.begin_passkey(people.nia)["publicKey"]
        before = dict(request.session)
        second = internals.begin_passkey(people.nia)["publicKey"]
    asked = first["authenticatorSelection"]
    wanted = (asked["residentKey"], asked["userVerification"])
    assert wanted == ("required", "required"), CHANGED.format("begin_registration")
    assert first["challenge"] != second["challenge"], CHANGED.format("begin_registration")
    assert dict(request.session) != before, CHANGED.format("begin_registration")


@pytest.fixture
def provider():
    made = Provider()
    server = serve(made)
    Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


def read(provider: Provider, audience: str = "malpas") -> dict:
    issuer = provider.url
    return internals.read_id_token(
        provider.token(), keys_url=f"{issuer}/keys", issuer=issuer, audience=audience
    )


def test_a_token_is_read_when_it_is_signed_for_us(provider):
    assert read(provider)["sub"] == "subject-of-tegid", CHANGED.format("verify_and_decode")
    with pytest.raises(OAuth2Error):
        read(provider, audience="somebody-else")
    provider.key = 1
    with pytest.raises(OAuth2Error):
        read(provider)


def test_a_token_is_read_once(provider):
    provider.claims = {"jti": f"one-{time.time_ns()}"}
    assert read(provider), CHANGED.format("verify_and_decode")
    with pytest.raises(OAuth2Error):
        read(provider)


def test_providers_come_from_the_settings_alone(db, settings, django_assert_num_queries):
    app = {"provider_id": "microsoft", "name": "Microsoft", "client_id": "malpas", "settings": {"one": 1}}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    with django_assert_num_queries(0):
        (found,) = internals.providers_in_settings("microsoft", None)
        assert internals.providers_in_settings("google", None) == []
    assert {name: getattr(found, name) for name in app} == app, CHANGED.format("_build_apps_from_settings")


def test_the_form_for_a_code_still_finds_its_person(people):
    """The portal's own form drops the person who may have no code."""
    with request_context(request_of(people.nia)):
        form = RequestLoginCodeForm({"email": people.nia.email})
        assert form.is_valid()
    assert getattr(form, "_user", None) == people.nia, CHANGED.format("RequestLoginCodeForm._user")
