"""Refuse departed staff who have no other reason to sign in (F36).

The school's date decides, at sign-in and at each request, whether or not a worker has run.
"""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts import hooks
from accounts.enums import UserKind
from accounts.http import OpenRequest, account_of
from accounts.models.people import User
from malpas.lib.htmx import go

Handler = Callable[[OpenRequest], HttpResponse]


def is_departed(user: User, at: datetime) -> bool:
    """Return whether this account was only for work that has ended."""
    staff = getattr(user, "staff_member", None) if user.kind == UserKind.PERSON else None
    if staff is None or not (staff.left_on or staff.leaves_on) or not staff.has_left(localtime(at).date()):
        return False
    return not any(hooks.has_other_access.call_all(user))


def refuse_departed(request: OpenRequest) -> None:
    """Tell a departed person why nothing opens.

    They have proved that the account is theirs.
    """
    sentence = _(
        "You no longer work at the school, so this account does not open anything. Is that wrong? Please telephone the Main Office."
    )
    messages.error(request, sentence)


class DepartedMiddleware:
    """End the session of an account whose owner has left."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: OpenRequest) -> HttpResponse:
        if request.actor and request.actor.own is None and self.ends(request):
            logout(request)
            request.actor = None
            refuse_departed(request)
            return go(request, redirect("account_login").url)
        return self.get_response(request)

    def ends(self, request: OpenRequest) -> bool:
        user = account_of(request)
        staff = getattr(
            user, "staff_member", None
        )  # read with the session: most requests ask no more than this
        return bool(staff and (staff.left_on or staff.leaves_on)) and is_departed(user, request.school.now)
