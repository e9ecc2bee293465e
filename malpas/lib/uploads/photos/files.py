"""Store photos on the disk; see `malpas.lib.uploads.storage`."""

from contextlib import AbstractContextManager
from pathlib import Path

from malpas.lib.uploads.photos.processing import Rendition
from malpas.lib.uploads.storage import folder, new_name, remove, stored, write


def path_of(name: str, size: int) -> Path:
    """Return the path of a rendition. `name` comes from a row, never from a URL."""
    return folder("photos", name) / f"{name}-{size}.jpg"


def keep(made: dict[int, Rendition]) -> str:
    """Write the renditions of one photo and return its new name.

    `made`: size to JPEG. An OSError leaves nothing behind.
    """
    name = new_name()
    try:
        for size, rendition in made.items():
            write(path_of(name, size), rendition.jpeg)
    except OSError:
        forget(name, tuple(made))
        raise
    return name


def stored_photo(made: dict[int, Rendition]) -> AbstractContextManager[str]:
    """Store the renditions of one photo for a block; see `storage.stored`.

    The block gets the new name. Raises NotStored.
    """
    return stored(lambda: keep(made), lambda name: forget(name, tuple(made)))


def forget(name: str, sizes: tuple[int, ...]) -> None:
    """Remove the renditions of a photo from the disk."""
    for size in sizes:
        remove(path_of(name, size))
