"""Addresses of pages that are told apart by one number, for lists that need the same one thirty times."""

from functools import lru_cache

from django.urls import get_script_prefix, get_urlconf, reverse

STAND_IN = 9_000_000_000_000_000_001  # in no address but as the number


@lru_cache(maxsize=256)
def _around(name: str, urlconf: str | None, _prefix: str) -> tuple[str, str]:
    before, _number, after = reverse(name, urlconf=urlconf, args=[STAND_IN]).partition(str(STAND_IN))
    return before, after


def address(name: str, number: int) -> str:
    """`reverse(name, args=[number])`; the patterns are searched once a name."""
    before, after = _around(name, get_urlconf(), get_script_prefix())
    return f"{before}{int(number)}{after}"
