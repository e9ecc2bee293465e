"""Bound what a picture costs its decoder, from its structure (AU-5, A47).

In milliseconds: nothing is decoded. The limits are some times what cameras, telephones and web services
write: libjpeg and mozjpeg write 10 scans and 18 at most, libpng pieces of 8 KB, a telephone's HEIC of 48
million pixels some 200 tiles.
"""

import re
from collections.abc import Iterator

MOST_SCANS = 32  # of a progressive JPEG: each is a pass over the whole picture
MOST_SEGMENTS = 3000  # of a JPEG
MOST_PIECES = 30_000  # chunks of a PNG
MOST_TEXTS = 200  # text chunks of a PNG; each may unpack to a megabyte
MOST_ITEMS = 600  # tiles and the like of a HEIC
MOST_BOXES = 50  # before the one that describes a HEIC
HEIF_HEAD = 64 * 1024  # bytes within which a HEIC describes its pictures

MARKER = re.compile(rb"\xff([^\x00\xff])")  # like libjpeg, skip what lies between markers
AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
ALONE = {0x01, *range(0xD0, 0xD9)}  # markers without a length
SCAN, END = 0xDA, 0xD9
TEXTS = {b"tEXt", b"zTXt", b"iTXt"}


class Excessive(Exception):
    """Refuse a picture that costs more work than a photo needs."""


class Moving(Exception):
    """Refuse a picture of several frames."""


def jpeg_segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield each marker of the first picture, with the position after it."""
    at = 2
    for _number in range(MOST_SEGMENTS):
        found = MARKER.search(data, at)
        if found is None or found[1][0] == END:
            return
        marker, at = found[1][0], found.end()
        yield marker, at
        if marker not in ALONE:
            at += max(2, int.from_bytes(data[at : at + 2], "big"))
        if marker == SCAN:
            after = AFTER_SCAN.search(data, at)
            if after is None:
                return
            at = after.start()
    raise Excessive


def _check_jpeg(data: bytes) -> None:
    scans = 0
    for marker, _at in jpeg_segments(data):
        scans += marker == SCAN
        if scans > MOST_SCANS:
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


def _check_heif(data: bytes) -> None:
    at = 0
    for _number in range(MOST_BOXES):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if name == b"meta" and at + size <= HEIF_HEAD:
            if data.count(b"infe", at, at + size) > MOST_ITEMS:
                raise Excessive
            return
        if size < 8 or name == b"meta":
            raise Excessive
        at += size
    raise Excessive


CHECKS = {"JPEG": _check_jpeg, "PNG": _check_png, "WEBP": _check_webp, "HEIF": _check_heif}


def check_structure(data: bytes, kind: str) -> None:
    """Refuse what would cost its decoder too much. Raises Excessive, Moving."""
    CHECKS[kind](data)
