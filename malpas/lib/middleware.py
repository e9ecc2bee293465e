"""What no page wants to see in an address."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def is_clean(raw: str) -> bool:
    """True when a percent-encoded address part is UTF-8 without NUL or other control characters."""
    try:
        text = unquote_to_bytes(raw.replace("+", " ")).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not any(
        ord(letter) < 32 or ord(letter) == 127 for letter in text.replace("\n", "").replace("\r", "")
    )


def is_speakable(text: str) -> bool:
    """True for text that can be kept and looked up: no control characters, no halves of letters."""
    return not any(ord(letter) < 32 or 0xD800 <= ord(letter) <= 0xDFFF for letter in text)


def drop_unspeakable_cookies(request: HttpRequest) -> None:
    """A cookie that no database could look up is as good as none; refusing it would shut its owner out."""
    request.COOKIES = {name: value for name, value in request.COOKIES.items() if is_speakable(name + value)}


class CleanAddressMiddleware:
    """Answers 400 to an address that no database could look up, before anything reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        drop_unspeakable_cookies(request)
        path_ok = "\x00" not in request.path and "\ufffd" not in request.path
        if path_ok and is_clean(request.META.get("QUERY_STRING", "")):
            return self.get_response(request)
        return render(request, "400.html", status=400)


class RefusedBodyMiddleware:
    """Say in words why the server did not take a body that was too large or too slow (F39, A61)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if status := request.META.get("malpas.refused"):
            return render(request, f"{status}.html", status=status)
        return self.get_response(request)
