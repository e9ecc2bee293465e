from functools import lru_cache

import pytest

from malpas.lib.uploads.photos.decoding import decode
from stories import services, uploads
from tests.stories.kit import story


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Store the photos of a test in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


remembered = lru_cache(decode)


@pytest.fixture(autouse=True)
def same_photo_once(monkeypatch):
    """Decode each picture in a child process only once.

    test_photos decodes every time.
    """
    monkeypatch.setattr(services, "decode", remembered)
    monkeypatch.setattr(uploads, "decode", remembered)


@pytest.fixture
def celyn_story(people):
    return story(people, title="We have built a castle")


@pytest.fixture
def with_photo(people):
    return story(people, title="Look at our castle", photos=1)
