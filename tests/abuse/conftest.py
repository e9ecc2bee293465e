import pytest
from django.core.cache import cache

from classes import attempts
from stories import storage
from tests.abuse.kit import JPEG
from tests.structure.world import make_world


@pytest.fixture
def world(people, settings, tmp_path):
    """The people with something of each kind, and the files of the photo on the disk."""
    settings.MEDIA_ROOT = tmp_path
    made = make_world(people)
    for size in (640, 1600):
        path = storage.path_of(made.photo.name, size)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(JPEG)
    return made


@pytest.fixture(autouse=True)
def no_counts(settings):
    """What one test guessed shuts nobody out in the next."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    attempts.forget_own_counts()
    yield
    cache.clear()
    attempts.forget_own_counts()
