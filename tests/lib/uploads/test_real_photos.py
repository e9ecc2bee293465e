"""Check that photos are taken as telephones, programs and transfers leave them (AU-5)."""

import random
import struct
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat, PngImagePlugin

from malpas.lib.uploads.photos.decoding import decode
from malpas.lib.uploads.photos.processing import Fault, Unfit, check, write_anew
from malpas.lib.uploads.photos.structure import MOST_BOXES, MOST_META
from tests.stories.kit import opened, picture
from tests.stories.test_photos import LIMITS, PIXELS, chunk, fault_of, png_of

DATA = Path(__file__).parents[1] / "data" / "photos"
SIZE = (900, 700)
CORNER = (899, 699)
KINDS = {
    "half the colours": {"subsampling": 2},
    "all colours": {"subsampling": 0},
    "grey": {"mode": "L"},
    "print": {"mode": "CMYK"},
    "restarts": {"restart_marker_rows": 1},
}
TAILS = {"nothing": b"", "an end marker": b"\xff\xd9", "zeros": bytes(500)}


def read(name: str) -> bytes:
    return (DATA / name).read_bytes()


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


def galaxy(*between: bytes) -> bytes:
    """Make a telephone's HEIC that describes its picture at the very end."""
    return b"".join((read("galaxy-head.bin"), *between, read("galaxy-mdat.bin"), read("galaxy-meta.bin")))


@lru_cache
def scene(mode: str = "RGB", **save) -> bytes:
    """Make a JPEG in which no two places are alike."""
    noise = Image.frombytes("L", (225, 175), random.Random(7).randbytes(225 * 175)).resize(SIZE)
    ramp = Image.linear_gradient("L").resize(SIZE)
    out = BytesIO()
    image = Image.merge("RGB", (noise, ramp, ImageChops.invert(noise)))
    image.convert(mode).save(out, "JPEG", quality=85, **save)
    return out.getvalue()


def drawn(data: bytes) -> Image.Image:
    return opened(write_anew(data, max_pixels=PIXELS)[0].jpeg)


def spoilt(data: bytes, whole: bytes) -> tuple[int, int, int, int] | None:
    """Return where the picture of `data` differs from that of `whole` by more than noise."""
    difference = ImageChops.difference(drawn(data), drawn(whole)).convert("L")
    return difference.point(lambda value: 255 * (value > 60)).getbbox()


@pytest.mark.parametrize(
    "between",
    [box(b"free", bytes(70_000)), struct.pack(">I4sQ", 1, b"free", 70_008) + bytes(69_992)],
    ids=["a box", "a box of a long length"],
)
def test_a_heic_may_describe_itself_at_its_end(between):
    data = galaxy(between)
    check(data, **LIMITS)
    image = opened(decode(data)[1600].jpeg)
    assert image.size == (320, 240) and image.getpixel((160, 40))[0] > 180


@pytest.mark.parametrize(
    "data",
    [
        read("galaxy-head.bin") + read("galaxy-mdat.bin"),
        read("galaxy-head.bin") + box(b"free", b"") * 10 + b"\0\0\0\3meta",
        read("galaxy-head.bin") + box(b"free", b"") * MOST_BOXES + read("galaxy-meta.bin"),
        read("galaxy-head.bin") + box(b"meta", bytes(MOST_META)),
        read("galaxy-head.bin") + bytes(10_000_000),
    ],
    ids=["no description", "a short box", "countless boxes", "a huge description", "zeros"],
)
def test_A47_a_heic_that_does_not_describe_itself_is_refused_from_its_header(data):
    assert fault_of(check, data, **LIMITS) in (Fault.BROKEN, Fault.LARGE)


@pytest.mark.parametrize("size", [(8160, 6144), (8192, 6144), (9248, 6944), (12000, 9000), (16320, 12240)])
def test_photos_as_large_as_telephones_take_them_are_taken(size):
    made = decode(picture(size=size, colour=(200, 30, 30), quality=50))
    assert max(made[1600].width, made[1600].height) == 1600


def test_a_large_progressive_photo_is_taken_within_the_memory():
    assert decode(picture(size=(8192, 6144), progressive=True, subsampling=0))


def test_A47_a_progressive_photo_that_asks_for_too_much_memory_is_refused_from_its_header():
    data = picture(size=(64, 64), progressive=True, subsampling=0)
    at = data.index(b"\xff\xc2") + 5
    huge = data[:at] + struct.pack(">HH", 12_000, 16_000) + data[at + 4 :]
    assert fault_of(check, huge, **LIMITS) == Fault.LARGE
    check(huge.replace(b"\xff\xc2", b"\xff\xc0"), **LIMITS)  # one that is drawn row by row needs none of it


@pytest.mark.parametrize("name", ["printers-profile-1.3mb.png", "xmp-2mb.png"])
def test_long_words_and_profiles_do_not_spoil_a_picture(name):
    assert decode(read(name))


def test_a_profile_that_never_ends_is_left_out():
    notes = PngImagePlugin.PngInfo()
    notes.add(b"iCCP", b"x\0\0" + b"not packed at all")
    assert drawn(picture("PNG", (60, 40), pnginfo=notes)).size == (60, 40)


def test_words_whose_sum_is_wrong_do_not_spoil_a_picture():
    data = picture("PNG", (60, 40))
    broken = chunk(b"iTXt", b"Comment\0\0\0\0\0hello")[:-1] + b"?"
    assert drawn(data[:33] + broken + data[33:]).size == (60, 40)


def test_A47_a_png_of_pieces_that_lie_about_their_length_is_refused():
    assert fault_of(write_anew, png_of(9, 9, b"\xff\xff\xff\xffIDAT"), max_pixels=PIXELS) in (
        Fault.BROKEN,
        Fault.CUT,
    )


@pytest.mark.parametrize(
    "name", ["last-6-bytes-missing.jpg", "progressive-without-end-marker.jpg", "without-end-marker.jpg"]
)
def test_a_photo_whose_end_marker_is_missing_is_taken_and_nothing_is_grey(name):
    image = opened(decode(read(name))[1600].jpeg)
    for left in range(0, image.width, 8):
        for top in range(0, image.height, 8):
            part = image.crop((left, top, left + 8, top + 8))
            assert any(abs(value - 128) > 3 for ends in part.getextrema() for value in ends)


def test_a_photo_of_which_half_is_missing_is_refused_whatever_ends_it():
    assert fault_of(decode, read("half-with-end-marker.jpg")) == Fault.CUT


@pytest.mark.parametrize("tail", TAILS.values(), ids=list(TAILS))
@pytest.mark.parametrize("how", KINDS.values(), ids=list(KINDS))
def test_a_few_pixels_at_the_end_are_mended_and_more_are_missed(how, tail):
    data = scene(**how)
    row = len(data) * 16 // SIZE[1]  # bytes of one or two rows of blocks, about
    for missing in (2, 5, 40, row // 7):
        found = spoilt(data[:-missing] + tail, data)
        assert found is None or found[1] >= SIZE[1] - 20
        assert drawn(data[:-missing] + tail).getpixel(CORNER)[1] > 140  # bright at the bottom, and not grey
    half_a_marker = len(data) - data.index(b"\xff\0", len(data) // 3) - 1
    for missing in (3 * row, len(data) // 2, len(data) * 9 // 10, half_a_marker):
        assert fault_of(write_anew, data[:-missing] + tail, max_pixels=PIXELS) == Fault.CUT


@pytest.mark.parametrize("tail", TAILS.values(), ids=list(TAILS))
def test_a_progressive_photo_is_taken_when_all_its_passes_came(tail):
    data = scene(progressive=True)
    assert max(ImageStat.Stat(ImageChops.difference(drawn(data[:-50] + tail), drawn(data))).mean) < 0.1
    assert fault_of(write_anew, data[: len(data) // 9] + tail, max_pixels=PIXELS) == Fault.CUT


def test_a_whole_photo_that_ends_in_grey_is_taken():
    data = picture(size=(300, 200), colour=(128, 128, 128))
    assert spoilt(data, data) is None
    assert drawn(data[:-2]).getpixel((299, 199)) == (128, 128, 128)


@pytest.mark.parametrize(
    "rubbish",
    [b"camera notes \0\1" * 9, b"\xff\x02\0\0", b"\xff\xee\0\7Adobe", b"\xff\xe2\0\x0fICC_PROFILE\0\1"],
    ids=["bytes", "an unknown segment", "half of one", "half a profile"],
)
def test_what_lies_between_the_segments_of_a_photo_does_not_matter(rubbish):
    data = scene()
    tables = data.index(b"\xff\xdb")
    assert spoilt(data[:tables] + rubbish + data[tables:], data) is None


def test_A47_rubbish_that_looks_like_a_photo_ends_in_a_sentence():
    data = scene()
    for at in range(2, 700, 7):
        for change in (b"\xff", b"\0", b"\x7f"):
            changed = data[:at] + change + data[at + 1 :]
            try:
                check(changed, **LIMITS)
                write_anew(changed, max_pixels=PIXELS)
            except Unfit:
                continue
