import pytest

from malpas.lib.uploads.photos import files as storage
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
def begun_anew(no_counts) -> None:
    """What one test guessed shuts nobody out in the next."""
