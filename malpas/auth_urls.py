"""Which of allauth's pages the portal opens. The others do not exist here: one address, from the school's records."""

from collections.abc import Callable
from functools import wraps

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, re_path

from accounts.sign_in import mfa_views as authenticators
from accounts.sign_in import openid_views as providers

View = Callable[..., HttpResponse]


def persons_only(view: View) -> View:
    """The password of a shared class account is not changed by whoever sits at it."""

    @wraps(view)
    def only_persons(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.actor.is_personal:
            raise Http404
        return view(request, *args, **kwargs)

    return only_persons


def open_path(route: str, view: View, name: str):
    return path(route, login_not_required(view), name=name)


urlpatterns = [
    open_path("login/", views.login, "account_login"),
    open_path("login/code/", views.request_login_code, "account_request_login_code"),
    open_path("login/code/confirm/", views.confirm_login_code, "account_confirm_login_code"),
    open_path("logout/", views.logout, "account_logout"),
    open_path("inactive/", views.account_inactive, "account_inactive"),
    open_path("signup/", views.signup, "account_signup"),
    open_path("confirm-email/", views.email_verification_sent, "account_email_verification_sent"),
    open_path("password/reset/", views.password_reset, "account_reset_password"),
    open_path("password/reset/done/", views.password_reset_done, "account_reset_password_done"),
    open_path(
        "password/reset/key/done/", views.password_reset_from_key_done, "account_reset_password_from_key_done"
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        login_not_required(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("password/change/", persons_only(views.password_change), name="account_change_password"),
    path("reauthenticate/", persons_only(views.reauthenticate), name="account_reauthenticate"),
    path(
        "password/set/",
        persons_only(lambda request: render(request, "account/password_set.html", {"user": request.user})),
        name="account_set_password",
    ),
    path("email/", persons_only(lambda request: redirect("address")), name="account_email"),
    # -- the school's own Microsoft or Google, where it is set up
    open_path("with/<slug:provider_id>/", providers.begin, "openid_connect_login"),
    open_path("with/<slug:provider_id>/back/", providers.callback, "openid_connect_callback"),
    path("with/<slug:provider_id>/connect/", persons_only(providers.connect), name="provider_connect"),
    path("with/<slug:provider_id>/end/", persons_only(providers.end), name="provider_end"),
    # -- the second step, passkeys, recovery codes
    path("second-step/begin/", persons_only(authenticators.mfa_setup), name="mfa_setup"),
    path("signing-in/", persons_only(authenticators.SigningIn.as_view()), name="mfa_index"),
    open_path("second-step/", authenticators.SecondStep.as_view(), "mfa_authenticate"),
    open_path("passkeys/sign-in/", authenticators.login_webauthn, "mfa_login_webauthn"),
    path("again/code/", persons_only(authenticators.AgainByCode.as_view()), name="mfa_reauthenticate"),
    path(
        "again/passkey/",
        persons_only(authenticators.AgainByPasskey.as_view()),
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "authenticator/", persons_only(authenticators.SetUpAuthenticator.as_view()), name="mfa_activate_totp"
    ),
    path(
        "authenticator/end/",
        persons_only(authenticators.DropAuthenticator.as_view()),
        name="mfa_deactivate_totp",
    ),
    path("passkeys/", persons_only(lambda request: redirect("mfa_index")), name="mfa_list_webauthn"),
    path("passkeys/add/", persons_only(authenticators.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path(
        "passkeys/<int:pk>/", persons_only(authenticators.RenamePasskey.as_view()), name="mfa_edit_webauthn"
    ),
    path(
        "passkeys/<int:pk>/remove/",
        persons_only(authenticators.RemovePasskey.as_view()),
        name="mfa_remove_webauthn",
    ),
    path(
        "recovery-codes/",
        persons_only(authenticators.RecoveryCodes.as_view()),
        name="mfa_view_recovery_codes",
    ),
    path(
        "recovery-codes/new/",
        persons_only(authenticators.NewRecoveryCodes.as_view()),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "recovery-codes/file/",
        persons_only(authenticators.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
