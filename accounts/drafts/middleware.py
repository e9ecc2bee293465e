"""Tell a page's script whose drafts it may restore or discard.

Drafts stay on the device (static/js/draft.js) and are not sent by this. What a lock catches is stored by
`accounts.drafts.saved_forms`.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from accounts.actor import Actor

SENT = "sent"  # a cookie that the page's script reads; it lives for a minute
KEY_SIGNS = frozenset("0123456789abcdef-")
KEY_LENGTH = 36


def draft_owner(request: HttpRequest, actor: Actor | None) -> str | None:
    """Return a token for whose drafts a page restores.

    This account and member of staff (TE-2). On a shared device it is valid for this sign-in alone; signing
    out by hand empties the browser's storage. '' for a pupil: the page stores none and discards all. None:
    the page touches none.
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
    """Mark the draft of a POST that was carried out as done.

    It is the last middleware, so no lock has caught what it sees; a redirect means success.
    """

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
        setattr(request, "reached_its_view", request.method == "POST")  # noqa: B010 (read above)
