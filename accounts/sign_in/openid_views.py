"""Routes to Microsoft and Google.

404 where the school has not set one up.
"""

from allauth.account.decorators import reauthentication_required
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from requests import RequestException

from accounts.actor import actor_of
from accounts.rules import may_use_provider
from accounts.sign_in.openid import SchoolOpenID, configured_providers, refused_page
from accounts.sign_in.openid_services import end_provider


def leave_for(request: HttpRequest, provider_id: str, process: str, data: object = None) -> HttpResponse:
    """Redirect to the provider, with a single-use mark in the session.

    It is valid for ten minutes.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    provider = get_adapter().get_provider(request, provider_id)
    provider.oauth2_adapter_class = SchoolOpenID
    try:
        return provider.redirect(request, process, next_url=get_next_redirect_url(request), data=data)
    except (RequestException, OAuth2Error):
        return refused_page(request)


def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    if provider_id not in configured_providers():
        raise Http404
    return leave_for(request, provider_id, AuthProcess.LOGIN)


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    if provider_id not in configured_providers():
        raise Http404
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    try:
        return OAuth2CallbackView.adapter_view(SchoolOpenID(request, provider_id))(request)
    except (RequestException, OAuth2Error):
        return refused_page(request)


def connect(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Connect a provider, for a staff member who has just re-authenticated."""
    by = actor_of(request)
    if by is None or provider_id not in configured_providers() or not may_use_provider(by.user):
        raise Http404
    ask_again = reauthentication_required(leave_for, app="allauth.mfa")
    return ask_again(request, provider_id, AuthProcess.CONNECT, by.user.pk)


def end(request: HttpRequest, provider_id: str) -> HttpResponse:
    mine = get_object_or_404(SocialAccount, user=request.user.pk, provider=provider_id)
    return reauthentication_required(end_mine, app="allauth.mfa")(request, mine)


def end_mine(request: HttpRequest, mine: SocialAccount) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    by = actor_of(request)
    assert by is not None  # the decorator refuses everybody else
    end_provider(mine, by=by)
    messages.success(request, _("It has stopped working."))
    return redirect("mfa_index")
