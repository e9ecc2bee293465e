"""Which of allauth's pages the portal opens. The others do not exist here: one address, from the school's records."""

from collections.abc import Callable
from functools import wraps

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, re_path

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
    open_path("logout/", views.logout, "account_logout"),
    open_path("inactive/", views.account_inactive, "account_inactive"),
    open_path("login/code/", views.request_login_code, "account_request_login_code"),
    open_path("login/code/confirm/", views.confirm_login_code, "account_confirm_login_code"),
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
        persons_only(lambda request: redirect("account_reset_password")),
        name="account_set_password",
    ),
    path("email/", persons_only(lambda request: redirect("home")), name="account_email"),
]
