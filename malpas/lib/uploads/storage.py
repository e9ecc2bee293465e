"""Store uploads on the disk, in a private folder.

No server publishes it. A file is written under a temporary name, flushed to the disk and then renamed: a
full disk or a killed process leaves no half-written file under a name that a row could point to. A periodic
task removes files that no row names (malpas/operations/media.py).
"""

import logging
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

NAMED = re.compile(r"\.?([0-9a-f]{32})[-.]")
log = logging.getLogger(__name__)


class NotStored(Exception):
    """Report that the disk did not take a file.

    Nothing of it is left.
    """


def new_name() -> str:
    """Return a name of 128 random bits (AU-9).

    Knowing one address leads to no other.
    """
    return secrets.token_hex(16)


def folder(kind: str, name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / kind / name[:2]


def write(path: Path, data: bytes) -> None:
    """Write the whole file; an OSError leaves nothing behind."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{path.name}.part")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def remove(path: Path) -> None:
    """Remove a file from the disk.

    The periodic task tries again with one that cannot be removed now.
    """
    with suppress(OSError):
        path.unlink(missing_ok=True)


@contextmanager
def stored(keep: Callable[[], str], forget: Callable[[str], None]) -> Iterator[str]:
    """Store a file for a block; remove it if that fails.

    `keep` writes the file and returns its name, which the block gets; `forget` removes it. The block holds
    the whole transaction that makes the row, so that a failing commit removes the file too. Raises
    NotStored before the block.
    """
    try:
        name = keep()
    except OSError as error:
        log.error("a file could not be stored (%s)", error)
        raise NotStored from None
    try:
        yield name
    except BaseException:
        forget(name)
        raise


def has_room() -> bool:
    """Tell whether the disk has more free space than is reserved (A58)."""
    root = Path(settings.MEDIA_ROOT)
    while not root.exists():
        root = root.parent
    return shutil.disk_usage(root).free > settings.MEDIA_KEEP_FREE


def files() -> Iterator[tuple[str, Path]]:
    """Yield each uploaded file with the name its row has.

    Half-written ones too.
    """
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        if (found := NAMED.match(path.name)) and path.is_file():
            yield found[1], path
