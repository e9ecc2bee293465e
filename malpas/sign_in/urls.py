"""Choose which of allauth's pages open; the others do not exist: one address, from the school's records."""

from collections.abc import Callable
from functools import wraps

from allauth.account import views
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, re_path

from accounts.gates import Opens, access
from accounts.http import PortalRequest
from accounts.sign_in import mfa_views as authenticators
from accounts.sign_in import openid_views as providers
from accounts.sign_up.views import confirm_address

View = Callable[..., HttpResponse]


def persons_only(view: View) -> View:
    """Answer 404 at a shared class account: nobody who works there changes its password."""

    @wraps(view)
    def only_persons(request: PortalRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.actor.is_personal:
            raise Http404
        return view(request, *args, **kwargs)

    return only_persons


def signed_out(route: str, view: View, name: str, opens: Opens = Opens.NOWHERE_ELSE) -> URLPattern:
    """Return the path of a page that opens without a sign-in."""
    return path(route, _declared(view, Opens.SIGNED_OUT | opens), name=name)


def of_person(route: str, view: View, name: str, opens: Opens = Opens.NOWHERE_ELSE) -> URLPattern:
    """Return the path of a page about somebody's own sign-in."""
    return path(route, access(opens)(persons_only(view)), name=name)


def _declared(view: View, opens: Opens) -> View:
    @wraps(view)
    def declared(request: PortalRequest, *args: object, **kwargs: object) -> HttpResponse:
        return view(request, *args, **kwargs)

    return access(opens)(declared)


def _choose_password(request: PortalRequest) -> HttpResponse:
    return render(request, "account/password_set.html", {"user": request.user})


def _to_address(_request: PortalRequest) -> HttpResponse:
    return redirect("address")


def _to_sign_in_overview(_request: PortalRequest) -> HttpResponse:
    return redirect("mfa_index")


# Password, code and mailed link.
LOCKED, ENROLMENT = Opens.WHILE_LOCKED, Opens.MFA_SETUP
PASSWORD = [
    signed_out("login/", views.login, "account_login", LOCKED),
    signed_out("login/code/", views.request_login_code, "account_request_login_code"),
    signed_out("login/code/confirm/", views.confirm_login_code, "account_confirm_login_code"),
    signed_out(
        "logout/",
        views.logout,
        "account_logout",
        Opens.BEFORE_OPENING | Opens.BEFORE_STAFF_CHOICE | Opens.TO_ANYBODY,
    ),
    signed_out("inactive/", views.account_inactive, "account_inactive", LOCKED),
    signed_out("signup/", views.signup, "account_signup"),
    signed_out("confirm-email/", confirm_address, "account_email_verification_sent"),
    signed_out("password/reset/", views.password_reset, "account_reset_password", LOCKED),
    signed_out("password/reset/done/", views.password_reset_done, "account_reset_password_done", LOCKED),
    signed_out(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        "account_reset_password_from_key_done",
        LOCKED,
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        _declared(views.password_reset_from_key, Opens.SIGNED_OUT | LOCKED),
        name="account_reset_password_from_key",
    ),
    of_person("password/change/", views.password_change, "account_change_password"),
    of_person("reauthenticate/", views.reauthenticate, "account_reauthenticate", ENROLMENT),
    of_person("password/set/", _choose_password, "account_set_password"),
    of_person("email/", _to_address, "account_email"),
]
# The school's own Microsoft or Google, where it is set up.
OPENID = [
    signed_out("with/<slug:provider_id>/", providers.begin, "openid_connect_login"),
    signed_out("with/<slug:provider_id>/back/", providers.callback, "openid_connect_callback"),
    of_person("with/<slug:provider_id>/connect/", providers.connect, "provider_connect"),
    of_person("with/<slug:provider_id>/end/", providers.end, "provider_end"),
]
# The second factor, passkeys and recovery codes.
MFA = [
    of_person("second-step/begin/", authenticators.mfa_setup, "mfa_setup", ENROLMENT),
    of_person("signing-in/", authenticators.SignInMethodsView.as_view(), "mfa_index"),
    signed_out("second-step/", authenticators.MfaAuthenticateView.as_view(), "mfa_authenticate"),
    signed_out("passkeys/sign-in/", authenticators.login_webauthn, "mfa_login_webauthn"),
    of_person(
        "again/code/", authenticators.ReauthenticateByCodeView.as_view(), "mfa_reauthenticate", ENROLMENT
    ),
    of_person(
        "again/passkey/",
        authenticators.ReauthenticateByPasskeyView.as_view(),
        "mfa_reauthenticate_webauthn",
        ENROLMENT | Opens.TO_ANYBODY,
    ),
    of_person(
        "authenticator/", authenticators.SetUpAuthenticatorView.as_view(), "mfa_activate_totp", ENROLMENT
    ),
    of_person("authenticator/end/", authenticators.RemoveAuthenticatorView.as_view(), "mfa_deactivate_totp"),
    of_person("passkeys/", _to_sign_in_overview, "mfa_list_webauthn"),
    of_person("passkeys/add/", authenticators.AddPasskeyView.as_view(), "mfa_add_webauthn", ENROLMENT),
    of_person("passkeys/<int:pk>/", authenticators.RenamePasskeyView.as_view(), "mfa_edit_webauthn"),
    of_person("passkeys/<int:pk>/remove/", authenticators.RemovePasskeyView.as_view(), "mfa_remove_webauthn"),
    of_person(
        "recovery-codes/", authenticators.RecoveryCodesView.as_view(), "mfa_view_recovery_codes", ENROLMENT
    ),
    of_person(
        "recovery-codes/new/", authenticators.NewRecoveryCodesView.as_view(), "mfa_generate_recovery_codes"
    ),
    of_person(
        "recovery-codes/file/",
        authenticators.download_recovery_codes,
        "mfa_download_recovery_codes",
        ENROLMENT,
    ),
]
urlpatterns = [*PASSWORD, *OPENID, *MFA]
