"""Requests as the portal's middleware completes them."""

from typing import cast

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.actor import Actor
from accounts.models.people import User
from accounts.models.school import School


class OpenRequest(HttpRequest):
    """A request of anybody: `actor` is None without a sign-in; `school.now` is the database's clock (UTC)."""

    actor: Actor | None
    school: School
    htmx: HtmxDetails
    covered: str
    keeps_drafts: bool
    passed_the_gates: bool


class PortalRequest(OpenRequest):
    """A request behind the sign-in: there is an actor, and `user` is their account."""

    actor: Actor
    user: User


def portal_request(request: HttpRequest) -> PortalRequest:
    """Return the request as a PortalRequest, in the admin, whose methods take Django's."""
    return cast(PortalRequest, request)


def account_of(request: HttpRequest) -> User:
    """Return the account of a signed-in request; Django's lazy user is read once."""
    return cast(User, getattr(request.user, "_wrapped", None) or request.user)
