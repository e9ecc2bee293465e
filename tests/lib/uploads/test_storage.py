"""Check that a stored file stays only with its row (F29, F31)."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models.school import School
from malpas.lib.uploads import storage
from malpas.lib.uploads.documents.files import path_of, stored_document
from malpas.lib.uploads.photos import files as photos
from malpas.lib.uploads.photos.decoding import decode
from tests.files import letter
from tests.stories.kit import picture


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def fail(error: type[BaseException]) -> None:
    raise error


def left(media) -> list:
    return [path for path in media.rglob("*") if path.is_file()]


def test_a_file_stays_when_its_block_ends_well(media):
    with stored_document(letter()) as name:
        assert path_of(name).exists()
    assert left(media) == [path_of(name)]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_block_that_fails_leaves_no_rendition(media, error):
    stored = []
    with pytest.raises(error), photos.stored_photo(decode(picture())):
        stored.extend(left(media)) or fail(error)
    assert len(stored) == 2 and left(media) == []


@pytest.mark.django_db
def test_a_transaction_that_fails_leaves_no_file(media):
    with pytest.raises(IntegrityError), stored_document(letter()), transaction.atomic():
        School.objects.create(pk=1)
    assert left(media) == []


def test_a_full_disk_is_said_before_the_block(media, monkeypatch):
    def full(*_args) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(photos, "write", full)
    with pytest.raises(storage.NotStored), photos.stored_photo(decode(picture())):
        fail(AssertionError)
    assert left(media) == []
