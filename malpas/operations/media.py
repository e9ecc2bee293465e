"""Compare the uploaded files with the rows that name them, over all apps (F31)."""

from collections.abc import Iterator
from pathlib import Path

from malpas.lib.uploads import storage
from messaging.models.attachments import Attachment
from messaging.models.enquiries import EnquiryPhoto
from stories.models import Photo, UnsentPhoto

MODELS = (Attachment, EnquiryPhoto, Photo, UnsentPhoto)
ORPHAN_AFTER = 24 * 60 * 60  # seconds; a row comes moments after its file


def named() -> set[str]:
    """Return the file names in all rows. One query for each model."""
    attachments = Attachment.objects.filter(harmful_at__isnull=True)
    rows = (attachments, *(model._default_manager.all() for model in MODELS if model is not Attachment))
    return {name for each in rows for name in each.values_list("name", flat=True)}


def orphans(now: float) -> Iterator[Path]:
    """Yield the files older than a day that no row names. `now` is in seconds since 1970."""
    old = [(name, path) for name, path in storage.files() if now - path.stat().st_mtime > ORPHAN_AFTER]
    known = named()  # read after the files were listed, so that rows inserted meanwhile count
    return (path for name, path in old if name not in known)


def remove_orphans(now: float) -> int:
    """Remove the orphans and return how many there were."""
    found = list(orphans(now))
    for path in found:
        storage.remove(path)
    return len(found)


def missing() -> list[str]:
    """Return the names in rows whose files are missing, in order."""
    return sorted(named() - {name for name, _path in storage.files()})
