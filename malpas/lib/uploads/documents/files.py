"""Where documents lie: see `malpas.lib.uploads.storage`."""

from pathlib import Path

from malpas.lib.uploads.storage import folder, new_name, remove, write


def path_of(name: str) -> Path:
    """`name` comes from a row, never from an address."""
    return folder("documents", name) / f"{name}.pdf"


def keep(data: bytes) -> str:
    """Writes a document under a new name; the name. OSError leaves nothing behind."""
    name = new_name()
    write(path_of(name), data)
    return name


def forget(name: str) -> None:
    remove(path_of(name))
