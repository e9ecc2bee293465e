"""Refuse requests that no view should see, and lead from a form to the page that answers it."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from accounts.http import OpenRequest
from malpas.lib.posted import opens_to_reader
from malpas.web.answers import ANSWER, address_of, find, is_to_store, store


def is_clean(raw: str) -> bool:
    """Return whether a percent-encoded part of an address is UTF-8 without control characters.

    Line ends are allowed.
    """
    try:
        text = unquote_to_bytes(raw.replace("+", " ")).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not any(
        ord(letter) < 32 or ord(letter) == 127 for letter in text.replace("\n", "").replace("\r", "")
    )


def is_storable(text: str) -> bool:
    """Return whether the database can store this text: no control characters, no lone surrogates."""
    return not any(ord(letter) < 32 or 0xD800 <= ord(letter) <= 0xDFFF for letter in text)


def drop_unstorable_cookies(request: HttpRequest) -> None:
    """Ignore cookies that no database could look up; refusing the request would lock their owner out."""
    request.COOKIES = {name: value for name, value in request.COOKIES.items() if is_storable(name + value)}


class CleanAddressMiddleware:
    """Answer 400 to an address that no database could look up, before anything reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        drop_unstorable_cookies(request)
        path_ok = "\x00" not in request.path and "\ufffd" not in request.path
        if path_ok and is_clean(request.META.get("QUERY_STRING", "")):
            return self.get_response(request)
        return render(request, "400.html", status=400)


class RefusedBodyMiddleware:
    """Explain why the server did not read a body that was too large or too slow (F39, A61)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if status := request.META.get("malpas.refused"):
            return render(request, f"{status}.html", status=status)
        return self.get_response(request)


class AnswerMiddleware:
    """Answer a form by a redirect to the page that answers it.

    A stored page is shown only where its address opens to the reader today: every gate and the view itself are asked
    by a GET first, so that nothing lives on after a lock, a sign-out or the end of somebody's access.
    """

    def __init__(self, get_response: Callable[[OpenRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: OpenRequest) -> HttpResponse:
        request.passed_the_gates = False
        response = self.get_response(request)
        if is_to_store(request, response):
            token = store(request, response)
            return self.lead_on(response, address_of(request, token)) if token else response
        if request.method == "GET" and ANSWER in request.GET and self.opens(request, response):
            return find(request) or HttpResponseRedirect(address_of(request))
        return response

    def process_view(self, request: OpenRequest, view: Callable, args: object, kwargs: object) -> None:
        request.passed_the_gates = True

    def opens(self, request: OpenRequest, response: HttpResponse) -> bool:
        return request.passed_the_gates and opens_to_reader(response) and not request.htmx

    def lead_on(self, answered: HttpResponse, address: str) -> HttpResponse:
        """Return a redirect with the cookies of the answer."""
        redirect = HttpResponseRedirect(address, status=303)
        redirect.cookies = answered.cookies
        return redirect
