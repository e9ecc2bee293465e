"""Keep an address that takes only what a page sends from being a dead end."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.views.decorators.http import require_http_methods


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
                return redirect(page)
            return view(request, *args, **kwargs)

        return guarded

    return decorate
