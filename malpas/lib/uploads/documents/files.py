"""Store documents on the disk; see `malpas.lib.uploads.storage`."""

from contextlib import AbstractContextManager
from pathlib import Path

from malpas.lib.uploads.storage import folder, new_name, remove, stored, write


def path_of(name: str) -> Path:
    """Return the path of a document. `name` comes from a row, never from a URL."""
    return folder("documents", name) / f"{name}.pdf"


def keep(data: bytes) -> str:
    """Write a document and return its new name; OSError leaves nothing behind."""
    name = new_name()
    write(path_of(name), data)
    return name


def stored_document(data: bytes) -> AbstractContextManager[str]:
    """Store a document for a block; see `storage.stored`.

    The block gets the new name. Raises NotStored.
    """
    return stored(lambda: keep(data), forget)


def forget(name: str) -> None:
    remove(path_of(name))
