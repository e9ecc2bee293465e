"""Read named files of a zip within limits, in memory alone. Pure."""

import struct
import zipfile
import zlib
from collections.abc import Collection
from io import BytesIO
from pathlib import PurePosixPath

MOST_FILES = 100
MOST_BYTES = 40 * 1024 * 1024  # of all that is read, unpacked
_NOT_OURS = ("__MACOSX/", ".")
_READ = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # what exports use


class ZipRefused(Exception):
    """The zip cannot be read. `code`: broken, locked, large, paths or twice."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def names_of(data: bytes) -> set[str]:
    """Return the names of the files without their folder, in small letters.

    None of what is no zip.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as found:
            return {_name(entry.filename) for entry in found.infolist()[: MOST_FILES + 1]}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ValueError, OSError, NotImplementedError):
        return set()


def read_files(data: bytes, wanted: Collection[str]) -> dict[str, bytes]:
    """Return name → bytes of the wanted files.

    Raises ZipRefused before and while it unpacks.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as found:
            entries = _entries(found, wanted)
            return _unpacked(found, entries)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, ValueError, NotImplementedError):
        raise ZipRefused("broken") from None
    except (RuntimeError, IndexError, struct.error, zlib.error):
        raise ZipRefused("broken") from None


def _name(path: str) -> str:
    return PurePosixPath(path.replace("\\", "/")).name.lower()


def _entries(found: zipfile.ZipFile, wanted: Collection[str]) -> dict[str, zipfile.ZipInfo]:
    """Return the wanted entries, judged by what the zip says of itself."""
    everything = found.infolist()
    if len(everything) > MOST_FILES:
        raise ZipRefused("large")
    entries: dict[str, zipfile.ZipInfo] = {}
    for entry in everything:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if entry.is_dir() or entry.filename.startswith(_NOT_OURS) or path.name.lower() not in wanted:
            continue
        if path.is_absolute() or ".." in path.parts or len(path.parts) > 2:
            raise ZipRefused("paths")
        if path.name.lower() in entries:
            raise ZipRefused("twice")
        if entry.flag_bits & 1:
            raise ZipRefused("locked")
        if entry.compress_type not in _READ:
            raise ZipRefused("broken")
        entries[path.name.lower()] = entry
    if sum(entry.file_size for entry in entries.values()) > MOST_BYTES:
        raise ZipRefused("large")
    return entries


def _unpacked(found: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> dict[str, bytes]:
    """Read no more than is allowed, whatever sizes the zip has declared."""
    contents: dict[str, bytes] = {}
    left = MOST_BYTES
    for name, entry in entries.items():
        with found.open(entry) as file:
            contents[name] = file.read(left + 1)
        left -= len(contents[name])
        if left < 0:
            raise ZipRefused("large")
    return contents
