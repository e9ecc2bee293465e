"""Counts of wrong answers that one test leaves must shut nobody out in the next."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from accounts.attempts import forget_own_counts


@pytest.fixture
def no_counts(settings) -> Iterator[None]:
    in_memory = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.CACHES = settings.CACHES | in_memory
    cache.clear()
    forget_own_counts()
    yield
    settings.CACHES = settings.CACHES | in_memory  # a test may have taken its Redis away
    cache.clear()
    forget_own_counts()
