"""Counts of wrong answers that one test leaves must shut nobody out in the next."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache, caches

from accounts.sessions.rate_limits import forget_local_counts


def count_under(prefix: str) -> None:
    """From now on the attempts are counted under these letters: what was counted before for a number of a row is its own."""
    settings.CACHES["default"]["KEY_PREFIX"] = prefix
    default = caches["default"]
    for each in (default, getattr(default, "shared", default), getattr(default, "memory", default)):
        each.key_prefix = prefix
    forget_local_counts()


@pytest.fixture
def no_counts(settings) -> Iterator[None]:
    in_memory = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.CACHES = settings.CACHES | in_memory
    cache.clear()
    forget_local_counts()
    yield
    settings.CACHES = settings.CACHES | in_memory  # a test may have taken its Redis away
    cache.clear()
    forget_local_counts()
