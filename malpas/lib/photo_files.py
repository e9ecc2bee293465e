"""Where photos lie: a private folder that no server publishes, under names that nobody can guess.

A file is written under a passing name, forced to the disk and then renamed: a full disk or a killed process
leaves no half photo under a name that a row could point to.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from malpas.lib.photos import Rendition


def new_name() -> str:
    """128 random bits: an address that is handed on tells nothing and leads nowhere (AU-9)."""
    return secrets.token_hex(16)


def path_of(name: str, size: int) -> Path:
    """`name` comes from a row, never from an address."""
    return Path(settings.MEDIA_ROOT) / "photos" / name[:2] / f"{name}-{size}.jpg"


def _write(path: Path, data: bytes) -> None:
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


def keep(made: dict[int, Rendition]) -> str:
    """Writes the renditions (size → JPEG) of one photo under a new name; the name. OSError leaves nothing behind."""
    name = new_name()
    try:
        for size, rendition in made.items():
            path = path_of(name, size)
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write(path, rendition.jpeg)
    except OSError:
        forget(name, tuple(made))
        raise
    return name


def forget(name: str, sizes: tuple[int, ...]) -> None:
    """Removes a photo from the disk; what cannot be removed now is left to the sweep."""
    for size in sizes:
        with suppress(OSError):
            path_of(name, size).unlink(missing_ok=True)
