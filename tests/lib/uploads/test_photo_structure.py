"""Check that hostile structure is refused before decoding (A47).

What real encoders write is taken.
"""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from malpas.lib.uploads.photos.processing import Fault, Unfit, check
from malpas.lib.uploads.photos.structure import (
    MOST_ITEMS,
    MOST_META,
    MOST_SCANS,
    MOST_SEGMENTS,
    MOST_TEXTS,
    jpeg_segments,
)
from tests.stories.kit import picture
from tests.stories.test_photos import LIMITS, chunk, moving, png_of

TELEPHONE = Path(__file__).parents[2] / "stories" / "data" / "telephone.heic"


def fault_of(data: bytes) -> Fault:
    with pytest.raises(Unfit) as refused:
        check(data, **LIMITS)
    return refused.value.fault


def scans_of(data: bytes) -> int:
    return sum(segment.marker == 0xDA for segment in jpeg_segments(data))


def with_scans(number: int) -> bytes:
    """Repeat the last scan of a progressive JPEG up to this number."""
    data = picture(mode="L", colour=99, size=(64, 64), progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * (number - scans_of(data)) + data[-2:]


def test_A47_a_jpeg_of_many_scans_is_refused_from_its_structure():
    assert scans_of(with_scans(MOST_SCANS)) == MOST_SCANS
    check(with_scans(MOST_SCANS), **LIMITS)
    assert fault_of(with_scans(MOST_SCANS + 1)) == Fault.LARGE
    assert fault_of(with_scans(1500)) == Fault.LARGE


def test_A47_scans_behind_rubbish_are_counted():
    data = with_scans(2)
    last = data.rindex(b"\xff\xda")
    assert fault_of(data[:-2] + (b"rubbish\xff\xff" + data[last + 1 : -2]) * 40 + data[-2:]) == Fault.LARGE


@pytest.mark.parametrize(
    ("mode", "scans"), [("L", 6), ("RGB", 10), ("CMYK", 18)], ids=["grey", "colour", "print"]
)
def test_the_scans_that_libjpeg_writes_are_taken(mode, scans):
    image = Image.effect_noise((90, 70), 80).convert("RGB").convert(mode)
    for restart in ({}, {"restart_marker_blocks": 2}):
        out = BytesIO()
        image.save(out, "JPEG", progressive=True, **restart)
        assert scans_of(out.getvalue()) == scans
        check(out.getvalue(), **LIMITS)


@pytest.mark.parametrize("piece", [b"\xff\xfe\0\2", b"\xff\x01", b"\xff\xd0"])
def test_A47_a_jpeg_of_countless_segments_is_refused(piece):
    assert fault_of(b"\xff\xd8" + piece * (MOST_SEGMENTS + 1)) == Fault.LARGE


def test_A47_a_jpeg_of_nothing_but_filling_is_refused():
    assert fault_of(b"\xff\xd8" + b"\xff" * 10_000_000) == Fault.BROKEN


def test_A47_a_png_with_countless_words_is_refused():
    words = chunk(b"zTXt", b"a\0\0" + b"x" * 20)
    check(png_of(9, 9, *[words] * MOST_TEXTS, chunk(b"IDAT", b"")), **LIMITS)
    assert fault_of(png_of(9, 9, *[words] * (MOST_TEXTS + 1), chunk(b"IDAT", b""))) == Fault.LARGE
    assert fault_of(png_of(9, 9, *[chunk(b"abCd", b"")] * 40_000)) == Fault.LARGE


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_A47_frames_are_seen_before_they_are_decoded(kind):
    assert fault_of(moving(kind)) == Fault.MOVING


def test_A47_frames_without_the_flag_that_says_so_are_seen():
    data = bytearray(moving("WEBP"))
    data[20] &= ~0x02
    assert fault_of(bytes(data)) == Fault.MOVING


def test_a_png_that_is_an_animation_of_one_frame_is_a_photo():
    check(png_of(9, 9, chunk(b"acTL", b"\0\0\0\1\0\0\0\0"), chunk(b"IDAT", b"")), **LIMITS)


def test_A47_a_heic_of_countless_tiles_is_refused():
    data = TELEPHONE.read_bytes()
    check(data, **LIMITS)
    at = data.index(b"meta") - 4
    size = int.from_bytes(data[at : at + 4], "big")
    for more in (b"infe" * (MOST_ITEMS + 1), b"\0" * MOST_META):
        meta = (size + len(more)).to_bytes(4, "big") + data[at + 4 : at + size] + more
        assert fault_of(data[:at] + meta + data[at + size :]) == Fault.LARGE
