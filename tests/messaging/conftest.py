import pytest


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT, settings.MEDIA_KEEP_FREE = tmp_path, 0
    return tmp_path
