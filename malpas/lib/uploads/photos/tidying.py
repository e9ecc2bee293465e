"""Rewrite a photo's file so that its decoder meets the picture and nothing else (AU-5).

Cameras leave bytes between the segments of a JPEG, telephones append films and second pictures, programs put
megabytes of words and profiles into a PNG. Our decoder takes each of these for damage. Pure functions over bytes,
called in the limited process alone.
"""

import struct
import zlib
from collections.abc import Iterator

from malpas.lib.uploads.photos.structure import (
    ALONE,
    MOST_PIECES,
    SCAN,
    TEXTS,
    Segment,
    jpeg_segments,
)

MOST_PROFILE = 8 * 1024 * 1024  # bytes of a colour profile, unpacked; a printer's has up to three million
BEGINNING, ENDING = b"\xff\xd8", b"\xff\xd9"
# A JPEG needs its frames and tables (C0-CF, DB, DD), and what says how colours are stored.
NEEDED = {*range(0xC0, 0xD0), 0xDA, 0xDB, 0xDD}
# How these begin, and how many bytes they have at least.
NEEDED_IF_WHOLE = {
    0xE0: (b"JFIF\0", 16),
    0xE1: (b"Exif\0", 8),
    0xE2: (b"ICC_PROFILE\0", 16),
    0xEE: (b"Adobe", 14),
}
MOST_FILLING = 8  # zero bytes that a scan may end with; more are what a transfer left unwritten


def _is_needed(data: bytes, segment: Segment) -> bool:
    if segment.marker in ALONE:
        return False
    if segment.marker in NEEDED_IF_WHOLE:
        beginning, least = NEEDED_IF_WHOLE[segment.marker]
        return data.startswith(beginning, segment.start + 2) and segment.end - segment.start >= least
    return segment.marker in NEEDED


def _parts(data: bytes, after_scan: bytes) -> Iterator[bytes]:
    for segment in jpeg_segments(data):
        if not _is_needed(data, segment):
            continue
        part = data[segment.start : segment.end]
        if segment.marker == SCAN:
            bare = part.rstrip(b"\0")
            part = bare if len(part) - len(bare) > MOST_FILLING else part
            part = part.rstrip(b"\xff") + after_scan  # half a marker would make another of what follows
        yield bytes((0xFF, segment.marker)) + part


def tidy_jpeg(data: bytes, *, after_scan: bytes = b"") -> bytes:
    """Return the first picture of a JPEG alone, always with an end.

    `after_scan`: bytes put behind the pixels of each scan; a decoder that has all its pixels skips them.
    """
    return b"".join((BEGINNING, *_parts(data, after_scan), ENDING))


def _is_too_long(profile: bytes) -> bool:
    """Return whether a PNG's packed colour profile is longer than any profile, or cannot be unpacked."""
    _name, _zero, packed = profile.partition(b"\0")
    try:
        return len(zlib.decompressobj().decompress(packed[1:], MOST_PROFILE + 1)) > MOST_PROFILE
    except zlib.error:
        return True


def tidy_png(data: bytes) -> bytes:
    """Return a PNG without its words, and without a profile that is too long; the rest as it came."""
    parts, at = [data[:8]], 8
    for _number in range(MOST_PIECES):
        head = data[at : at + 8]
        if len(head) < 8:
            break
        (length,), name = struct.unpack(">I", head[:4]), head[4:]
        end = at + 12 + length
        if name not in TEXTS and not (name == b"iCCP" and _is_too_long(data[at + 8 : end - 4])):
            parts.append(data[at:end])
        at = end
    return b"".join(parts)
