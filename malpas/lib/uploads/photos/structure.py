"""Bound what a picture costs its decoder, from its structure (AU-5, A47).

In milliseconds: nothing is decoded. The limits are some times what cameras, telephones and web services
write: libjpeg and mozjpeg write 10 scans and 18 at most, libpng pieces of 8 KB, a telephone's HEIC of 48
million pixels some 200 tiles.
"""

import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

MOST_SCANS = 32  # of a progressive JPEG: each is a pass over the whole picture
MOST_SEGMENTS = 3000  # of a JPEG
MOST_COEFFICIENTS = 400_000_000  # bytes that a progressive JPEG asks its decoder to keep
MOST_PIECES = 30_000  # chunks of a PNG
MOST_TEXTS = 200  # text chunks of a PNG; each may unpack to a megabyte
MOST_ITEMS = 600  # tiles and the like of a HEIC
MOST_BOXES = 50  # of a HEIC until the one that describes its pictures; some telephones write that last
MOST_META = 256 * 1024  # bytes of that box

MARKER = re.compile(rb"\xff([^\x00\xff])")  # like libjpeg, skip what lies between markers
AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
ALONE = {0x01, *range(0xD0, 0xD9)}  # markers without a length
SCAN, END = 0xDA, 0xD9
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}
TEXTS = {b"tEXt", b"zTXt", b"iTXt"}


class Excessive(Exception):
    """Refuse a picture that costs more work than a photo needs."""


class Moving(Exception):
    """Refuse a picture of several frames."""


class Segment(NamedTuple):
    """Hold where a segment of a JPEG lies: `start` after its marker, `end` after its pixels, if it has any."""

    marker: int
    start: int
    end: int


class JpegFrame(NamedTuple):
    """Hold what the frame header of a JPEG says."""

    width: int
    height: int
    is_progressive: bool
    components: tuple[int, ...]  # their ids
    block_height: int  # rows of pixels in a row of blocks
    coefficients: int  # bytes that a progressive decoder keeps


def jpeg_segments(data: bytes) -> Iterator[Segment]:
    """Yield each segment of the first picture. Raises Excessive."""
    at = 2
    for _number in range(MOST_SEGMENTS):
        found = MARKER.search(data, at)
        if found is None or found[1][0] == END:
            return
        marker, start = found[1][0], found.end()
        at = start
        if marker not in ALONE:
            at += max(2, int.from_bytes(data[at : at + 2], "big"))
        if marker == SCAN:
            after = AFTER_SCAN.search(data, at)
            at = after.start() if after else len(data)
        yield Segment(marker, start, at)
        if at >= len(data):
            return
    raise Excessive


def frame_of(data: bytes) -> JpegFrame:
    """Return the frame header of a JPEG. Raises IndexError, struct.error, LookupError without one."""
    for marker, start, _end in jpeg_segments(data):
        if marker not in FRAMES:
            continue
        height, width, count = struct.unpack(">HHB", data[start + 3 : start + 8])
        parts = [data[start + 8 + 3 * number :][:2] for number in range(count)]
        across, down = max(part[1] >> 4 for part in parts), max(part[1] & 15 for part in parts)
        blocks = sum((part[1] >> 4) * (part[1] & 15) for part in parts) / max(1, across * down)
        return JpegFrame(
            width=width,
            height=height,
            is_progressive=marker in PROGRESSIVE,
            components=tuple(part[0] for part in parts),
            block_height=8 * max(1, down),
            coefficients=round(width * height * blocks * 2),
        )
    raise LookupError


def _check_jpeg(data: bytes) -> None:
    scans = 0
    for segment in jpeg_segments(data):
        scans += segment.marker == SCAN
        if scans > MOST_SCANS:
            raise Excessive
    try:
        frame = frame_of(data)
    except (LookupError, struct.error, ValueError):
        return  # it has no size either, and is refused for that
    if frame.is_progressive and frame.coefficients > MOST_COEFFICIENTS:
        raise Excessive


def _check_png(data: bytes) -> None:
    at, texts = 8, 0
    for _number in range(MOST_PIECES):
        name = data[at + 4 : at + 8]
        if len(name) < 4 or name == b"IEND":
            return
        if name == b"acTL" and int.from_bytes(data[at + 8 : at + 12], "big") > 1:
            raise Moving
        texts += name in TEXTS
        if texts > MOST_TEXTS:
            raise Excessive
        at += 12 + int.from_bytes(data[at : at + 4], "big")
    raise Excessive


def _check_webp(data: bytes) -> None:
    at = 12
    for _number in range(MOST_TEXTS):
        name = data[at : at + 4]
        if len(name) < 4:
            return
        if name in (b"ANIM", b"ANMF"):
            raise Moving
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    raise Excessive


def heif_meta(data: bytes) -> bytes:
    """Return the box that describes the pictures of a HEIC, wherever it stands; empty without one.

    Raises Excessive where the boxes before it are countless, or it is too long to be looked at.
    """
    at = 0
    for _number in range(MOST_BOXES):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if len(name) < 4:
            return b""
        if size == 1:  # its length stands in eight bytes behind the name
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size == 0:  # it goes on to the end of the file
            size = len(data) - at
        if size < 8:
            return b""
        if name == b"meta":
            if size > MOST_META:
                raise Excessive
            return data[at : at + size]
        at += size
    raise Excessive


def _check_heif(data: bytes) -> None:
    if heif_meta(data).count(b"infe") > MOST_ITEMS:
        raise Excessive


CHECKS = {"JPEG": _check_jpeg, "PNG": _check_png, "WEBP": _check_webp, "HEIF": _check_heif}


def check_structure(data: bytes, kind: str) -> None:
    """Refuse what would cost its decoder too much. Raises Excessive, Moving."""
    CHECKS[kind](data)
