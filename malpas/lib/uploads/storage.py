"""What people upload, on the disk: a private folder that no server publishes, under names that nobody can guess.

A file is written under a passing name, forced to the disk and then renamed: a full disk or a killed process
leaves no half file under a name that a row could point to. What no row names is removed by a sweep (malpas/media.py).
"""

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

NAMED = re.compile(r"\.?([0-9a-f]{32})[-.]")


def new_name() -> str:
    """128 random bits: an address that is handed on tells nothing and leads nowhere (AU-9)."""
    return secrets.token_hex(16)


def folder(kind: str, name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / kind / name[:2]


def write(path: Path, data: bytes) -> None:
    """Writes the whole file or, with OSError, nothing."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    passing = path.with_name(f".{path.name}.part")
    try:
        with passing.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        passing.rename(path)
    except OSError:
        with suppress(OSError):
            passing.unlink(missing_ok=True)
        raise


def remove(path: Path) -> None:
    """Removes a file; what cannot be removed now is left to the sweep."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def has_room() -> bool:
    """Whether the disk has more left than what is kept free for everything but uploads (A58)."""
    root = Path(settings.MEDIA_ROOT)
    while not root.exists():
        root = root.parent
    return shutil.disk_usage(root).free > settings.MEDIA_KEEP_FREE


def files() -> Iterator[tuple[str, Path]]:
    """Each uploaded file with the name by which a row knows it; half-written ones too."""
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        if (found := NAMED.match(path.name)) and path.is_file():
            yield found[1], path
