"""Where photos lie: see `malpas.lib.uploads.storage`."""

from pathlib import Path

from malpas.lib.uploads.photos.processing import Rendition
from malpas.lib.uploads.storage import folder, new_name, remove, write


def path_of(name: str, size: int) -> Path:
    """`name` comes from a row, never from an address."""
    return folder("photos", name) / f"{name}-{size}.jpg"


def keep(made: dict[int, Rendition]) -> str:
    """Writes the renditions (size → JPEG) of one photo under a new name; the name. OSError leaves nothing behind."""
    name = new_name()
    try:
        for size, rendition in made.items():
            write(path_of(name, size), rendition.jpeg)
    except OSError:
        forget(name, tuple(made))
        raise
    return name


def forget(name: str, sizes: tuple[int, ...]) -> None:
    """Removes a photo from the disk; what cannot be removed now is left to the sweep."""
    for size in sizes:
        remove(path_of(name, size))
