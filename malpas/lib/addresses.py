"""Addresses of pages that are told apart by one number, for lists that need the same one thirty times."""

from collections.abc import Callable
from functools import lru_cache

from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

from malpas.lib.hidden import hide

STAND_IN = 9_000_000_000_000_000_001  # in no address but as the number


@lru_cache(maxsize=256)
def _around(name: str, urlconf: str | None, _prefix: str) -> tuple[str, str, Callable[[int], int]]:
    try:
        before, _number, after = reverse(name, urlconf=urlconf, args=[STAND_IN]).partition(str(STAND_IN))
    except NoReverseMatch:  # a route that hides its number takes none so large
        before, _number, after = reverse(name, urlconf=urlconf, args=[0]).partition(str(hide(0)))
        return before, after, hide
    return before, after, int


def address(name: str, number: int) -> str:
    """`reverse(name, args=[number])`; the patterns are searched once a name."""
    before, after, shown = _around(name, get_urlconf(), get_script_prefix())
    return f"{before}{shown(int(number))}{after}"
