"""Refuse requests that no view should see."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


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
