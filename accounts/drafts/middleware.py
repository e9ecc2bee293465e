"""What is being typed stays on the device (static/js/draft.js) for whoever typed it, until the school has it.

The words never leave the device by this: a page only says whose drafts it may give back, and a press that was carried
out says by its key which draft is done with. What a lock catches is kept here, in `accounts.drafts.saved_forms`.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from accounts.actor import Actor

SENT = "sent"  # a cookie that the page's script reads, for a minute
KEY_SIGNS = frozenset("0123456789abcdef-")
KEY_LENGTH = 36


def draft_owner(request: HttpRequest, actor: Actor | None) -> str | None:
    """Whose drafts a page gives back: a sign for this account and the name that sits at it (TE-2).

    On a device that is said to be shared it is for this sign-in alone. A sign-out by hand empties the browser's storage.
    Empty for a pupil: the page keeps none and throws away all there are. None: it touches none.
    """
    if actor is None or (actor.is_class and actor.staff is None):
        return None
    if actor.is_pupil:
        return ""
    life = request.session.get("life")
    if not life:
        return None
    who = f"{life['since'] if life['shared'] else ''}:{actor.user.pk}:{actor.staff.pk if actor.staff else ''}"
    return salted_hmac("accounts.drafts.middleware", who).hexdigest()[:32]


class SentMiddleware:
    """The last of all: what it sees of a POST, no lock has caught. One that leads on to a page was carried out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not getattr(request, "reached_its_view", False):
            return response
        key = request.POST.get("key", "")
        leads_on = response.status_code == 302 or "HX-Redirect" in response
        if leads_on and len(key) == KEY_LENGTH and KEY_SIGNS.issuperset(key):
            response.set_cookie(
                SENT, key, max_age=60, secure=settings.SESSION_COOKIE_SECURE, samesite="Strict"
            )
        return response

    def process_view(self, request: HttpRequest, view: Callable, args: object, kwargs: object) -> None:
        request.reached_its_view = request.method == "POST"
