"""Files and the rows that name them, over all apps (F31): what no row names is removed, what is missing is said."""

from collections.abc import Iterator
from pathlib import Path

from malpas.lib.uploads import storage
from messaging.models.attachments import Attachment
from messaging.models.enquiries import EnquiryPhoto
from stories.models import Photo, UnsentPhoto

KEPT_BY = (Attachment, EnquiryPhoto, Photo, UnsentPhoto)
ORPHAN_AFTER = 24 * 60 * 60  # seconds; a row comes moments after its file


def named() -> set[str]:
    """Every name that a row knows a file by. One query for each kind of row."""
    held = Attachment.objects.filter(harmful_at__isnull=True)
    rows = (held, *(model._default_manager.all() for model in KEPT_BY if model is not Attachment))
    return {name for each in rows for name in each.values_list("name", flat=True)}


def orphans(now: float) -> Iterator[Path]:
    """Files older than a day, by their own time (`now`: seconds since 1970), that no row names."""
    old = [(name, path) for name, path in storage.files() if now - path.stat().st_mtime > ORPHAN_AFTER]
    known = named()  # asked after the files were listed: a row that came meanwhile counts
    return (path for name, path in old if name not in known)


def remove_orphans(now: float) -> int:
    """Removes them; how many."""
    found = list(orphans(now))
    for path in found:
        storage.remove(path)
    return len(found)


def missing() -> list[str]:
    """Names that a row knows and the disk does not, in order."""
    return sorted(named() - {name for name, _path in storage.files()})
