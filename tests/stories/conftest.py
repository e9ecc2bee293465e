import pytest

from tests.stories.kit import story


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Photos of a test lie in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def celyn_story(people):
    return story(people, title="We have built a castle")


@pytest.fixture
def with_photo(people):
    return story(people, title="Look at our castle", photos=1)
