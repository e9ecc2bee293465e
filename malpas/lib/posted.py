"""What answers a form: an address that is no dead end, and a page that is shown once."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.views.decorators.http import require_http_methods

SHOWN_ONCE = "shown_once"
LEADS_BACK = "leads_back"


def leads_back(response: HttpResponse) -> HttpResponse:
    """Mark the answer to somebody who may use this address and only reads it: their stored page opens."""
    setattr(response, LEADS_BACK, True)
    return response


def opens_to_reader(response: HttpResponse) -> bool:
    return response.status_code == 200 or getattr(response, LEADS_BACK, False)


def posted_from(route: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Take a form of the page `route`, and lead whoever only reads back to it.

    A page that comes back with an error stands at this address: its link to the other language asks for it again.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.method != "POST":
                page = reverse(route, args=args, kwargs=kwargs)
                resolve(page).func(request, *args, **kwargs)  # raises what the page would, such as 404
                return leads_back(redirect(page))
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def shown_once(response: HttpResponse) -> HttpResponse:
    """Mark an answer that no address may show again, such as a new PIN."""
    setattr(response, SHOWN_ONCE, True)
    return response


def is_shown_once(response: HttpResponse) -> bool:
    return getattr(response, SHOWN_ONCE, False)
