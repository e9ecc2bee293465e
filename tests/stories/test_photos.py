import struct
import zlib
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from malpas.lib.uploads.photos.decoding import decode
from malpas.lib.uploads.photos.processing import SIZES, Fault, Unfit, check, size_of, write_anew
from tests.stories.kit import MARK, bomb, opened, picture, two_colours

LIMITS = {"max_bytes": 20 * 2**20, "max_pixels": 70_000_000}
PIXELS = LIMITS["max_pixels"]
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def zipped() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as folder:
        folder.writestr("page.html", MARK)
    return out.getvalue()


def moving(kind: str) -> bytes:
    out = BytesIO()
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue", "green")]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(width: int, height: int, *more: bytes, depth: int = 8) -> bytes:
    """Make a PNG with this header and only `more` as content."""
    head = struct.pack(">II5B", width, height, depth, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(more)


def greedy(side: int) -> bytes:
    """Make a small image that decodes to many bytes.

    One bit a pixel and a clear colour become four times four bytes a pixel.
    """
    rows = zlib.compress((b"\0" + b"\0" * (side // 8)) * side)
    return png_of(side, side, chunk(b"tRNS", b"\0\0"), chunk(b"IDAT", rows), chunk(b"IEND", b""), depth=1)


@pytest.fixture(autouse=True)
def pillow_as_it_was(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)


def fault_of(act, *args, **kwargs) -> Fault:
    with pytest.raises(Unfit) as refused:
        act(*args, **kwargs)
    return refused.value.fault


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_header_gives_the_size_of_each_kind(kind):
    data = picture(kind, (321, 123))
    assert size_of(data) == (321, 123)
    check(data, **LIMITS)


@pytest.mark.parametrize("save", [{"lossless": True}, {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0"}])
def test_every_kind_of_webp_gives_its_size(save):
    assert size_of(picture("WEBP", (321, 123), **save)) == (321, 123)


def test_a_progressive_jpeg_with_metadata_gives_its_size():
    assert size_of(picture(size=(321, 123), progressive=True, exif=b"Exif\0\0" + b"x" * 9000)) == (321, 123)


@pytest.mark.policy("AU-5")
def test_a_bomb_is_refused_from_its_header_alone():
    data = bomb()
    assert len(data) < 300_000
    header = data[: 8 + 25]  # the signature and IHDR: no pixel is there to unpack
    assert fault_of(check, data, **LIMITS) == fault_of(check, header, **LIMITS) == Fault.LARGE


@pytest.mark.policy("AU-5")
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"GIF89a" + b"\0" * 40,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html>" + MARK,
        b"%PDF-1.7\n",
        b"<?php system('ls');",
        zipped(),
        b"\0\0\0\x18ftypavif\0\0\0\0",
        b"RIFF\x10\0\0\0WAVEfmt ",
    ],
    ids=["empty", "two bytes", "gif", "svg", "html", "pdf", "php", "zip", "avif", "wave"],
)
def test_what_is_no_photo_is_refused_by_its_content(data):
    assert fault_of(check, data, **LIMITS) == Fault.KIND


@pytest.mark.parametrize("head", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8X"])
def test_a_head_without_a_photo_is_broken(head):
    assert fault_of(check, head, **LIMITS) == Fault.BROKEN
    assert fault_of(check, head + b"\0" * 4, **LIMITS) == Fault.BROKEN


def test_a_photo_over_the_limit_of_bytes_is_refused():
    data = picture()
    check(data, max_bytes=len(data), max_pixels=PIXELS)
    assert fault_of(check, data, max_bytes=len(data) - 1, max_pixels=PIXELS) == Fault.HEAVY


@pytest.mark.parametrize("size", [(1_000_000, 1), (1, 1_000_000), (50_000, 50_000)])
def test_strips_and_giants_are_refused(size):
    assert fault_of(check, png_of(*size), **LIMITS) == Fault.LARGE


def test_a_photo_without_area_is_broken():
    assert fault_of(check, png_of(0, 10), **LIMITS) == Fault.BROKEN


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_a_moving_picture_is_refused(kind):
    assert fault_of(write_anew, moving(kind), max_pixels=PIXELS) == Fault.MOVING


@pytest.mark.parametrize(("kind", "fault"), [("JPEG", Fault.CUT), ("PNG", Fault.CUT), ("WEBP", Fault.BROKEN)])
def test_a_truncated_photo_is_refused(kind, fault):
    data = picture(kind, (800, 600), colour=(9, 99, 199))
    assert write_anew(data, max_pixels=PIXELS)
    assert fault_of(write_anew, data[: len(data) // 2], max_pixels=PIXELS) == fault


def test_the_decoder_enforces_the_pixel_limit_itself():
    assert fault_of(write_anew, picture("PNG", (200, 200)), max_pixels=39_999) == Fault.LARGE


def test_a_telephones_second_picture_is_left_out():
    out = BytesIO()
    image, gain = Image.new("RGB", (60, 40), "red"), Image.new("RGB", (30, 20), "white")
    image.save(out, "MPO", save_all=True, append_images=[gain])
    assert write_anew(out.getvalue(), max_pixels=PIXELS)[0][:2] == (60, 40)


@pytest.mark.parametrize(
    ("size", "sizes"),
    [
        ((4000, 3000), [(1600, 1200), (640, 480)]),
        ((1000, 2000), [(800, 1600), (320, 640)]),
        ((300, 200), [(300, 200), (300, 200)]),
    ],
)
def test_photos_become_two_sizes_and_are_never_blown_up(size, sizes):
    made = write_anew(picture(size=size), max_pixels=PIXELS)
    assert [(each.width, each.height) for each in made] == sizes
    assert [opened(each.jpeg).size for each in made] == sizes


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_photo_is_turned_the_right_way_up(turn):
    exif = Image.Exif()
    exif[0x0112] = turn
    # What the camera stores so that, turned as it asks, red is above.
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    right = opened(two_colours("PNG"))
    out = BytesIO()
    (right.transpose(back[turn]) if turn in back else right).save(out, "JPEG", exif=exif)
    made = opened(write_anew(out.getvalue(), max_pixels=PIXELS)[0].jpeg)
    assert made.size == (60, 100)
    red, blue = made.getpixel((30, 10)), made.getpixel((30, 90))
    assert red[0] > 200 > 60 > red[2] and blue[2] > 200 > 60 > blue[0]


@pytest.mark.policy("AU-5")
@pytest.mark.parametrize("profile", [b"", SRGB], ids=["without profile", "with profile"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_location_owner_comments_and_profile_are_removed(kind, profile):
    exif = Image.Exif()
    exif[0x013B] = "Owner Name"
    exif.get_ifd(0x8825)[2] = (51.0, 36.0, 12.0)
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "Owner Name")
    extra = {"comment": "Owner Name"} if kind == "JPEG" else {"pnginfo": notes} if kind == "PNG" else {}
    data = picture(kind, exif=exif, icc_profile=profile, xmp=b"<x:xmpmeta>Owner Name</x:xmpmeta>", **extra)
    assert b"Owner Name" in data
    for made in write_anew(data, max_pixels=PIXELS):
        info = opened(made.jpeg).info
        assert not {"exif", "icc_profile", "comment", "xmp", "photoshop"} & set(info)
        assert b"Owner" not in made.jpeg and b"Exif" not in made.jpeg


@pytest.mark.policy("AU-5")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("tail", [MARK, zipped()], ids=["page", "zip"])
def test_nothing_of_a_tail_behind_the_photo_survives(kind, tail):
    made = write_anew(picture(kind) + tail, max_pixels=PIXELS)
    assert all(MARK not in each.jpeg and b"PK\x03\x04" not in each.jpeg for each in made)


@pytest.mark.parametrize(
    ("kind", "mode", "colour", "expected"),
    [
        ("JPEG", "CMYK", (0, 255, 255, 0), (255, 0, 0)),
        ("JPEG", "L", 128, (128, 128, 128)),
        ("PNG", "1", 1, (255, 255, 255)),
        ("PNG", "I;16", 32768, (128, 128, 128)),
        ("PNG", "LA", (0, 0), (255, 255, 255)),
        ("PNG", "RGBA", (255, 0, 0, 128), (255, 127, 127)),
        ("WEBP", "RGBA", (0, 0, 0, 0), (255, 255, 255)),
    ],
)
def test_colours_stay_sane_from_every_mode(kind, mode, colour, expected):
    made = opened(write_anew(picture(kind, mode=mode, colour=colour), max_pixels=PIXELS)[0].jpeg)
    assert made.mode == "RGB"
    assert all(abs(a - b) <= 6 for a, b in zip(made.getpixel((9, 9)), expected, strict=True))


def test_colours_follow_the_photos_own_profile():
    swapped = SRGB.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")
    made = opened(write_anew(picture(colour="red", icc_profile=swapped), max_pixels=PIXELS)[0].jpeg)
    red, green, blue = made.getpixel((9, 9))
    assert blue > 240 and red < 20 and green < 20


def test_a_palette_with_a_clear_colour_lies_on_white():
    image = Image.new("P", (50, 50), 0)
    image.putpalette([255, 0, 0, 0, 255, 0])
    out = BytesIO()
    image.save(out, "PNG", transparency=0)
    made = opened(write_anew(out.getvalue(), max_pixels=PIXELS)[0].jpeg)
    assert min(made.getpixel((9, 9))) > 250


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_a_broken_profile_and_broken_camera_notes_do_not_matter():
    data = picture(icc_profile=b"no profile", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff broken")
    assert write_anew(data, max_pixels=PIXELS)


def test_the_child_process_gives_the_same_photo():
    data = picture(size=(2000, 1000))
    assert list(decode(data).values()) == write_anew(data, max_pixels=PIXELS)
    assert list(decode(data)) == list(SIZES)


def test_the_child_process_names_the_fault():
    assert fault_of(decode, picture("PNG", (800, 600))[:-700]) == Fault.CUT


@pytest.mark.policy("AU-5")
def test_too_much_memory_ends_the_decoding_process_only(settings):
    settings.PHOTO_MAX_PIXELS = 400_000_000
    assert decode(greedy(800))
    assert fault_of(decode, greedy(16_000)) == Fault.LARGE


def test_the_child_process_knows_no_secret(monkeypatch):
    seen = {}
    monkeypatch.setattr(
        "malpas.lib.uploads.sandbox.subprocess.run", lambda *args, **how: seen.update(how) or 1 / 0
    )
    with pytest.raises(ZeroDivisionError):
        decode(picture())
    assert seen["env"] == {}


def heic() -> bytes:
    """Make a telephone's photo: red above, blue below, with metadata."""
    return (Path(__file__).parent / "data" / "telephone.heic").read_bytes()


@pytest.mark.policy("AU-5")
def test_A53_a_telephones_heic_is_read_and_written_anew():
    data = heic()
    assert size_of(data) == (640, 480) and b"Owner of this telephone" in data
    made = decode(data)
    image = opened(made[640].jpeg)
    assert image.size == (640, 480) and b"Owner" not in made[640].jpeg and b"Owner" not in made[1600].jpeg
    above, below = image.getpixel((320, 40)), image.getpixel((320, 440))
    assert above[0] > 200 > 60 > above[2] and below[2] > 200 > 60 > below[0]


def test_A47_a_huge_heic_is_refused_by_its_header():
    data = heic()
    at = data.index(b"ispe") + 8
    huge = data[:at] + struct.pack(">II", 30_000, 29_000) + data[at + 8 :]
    assert fault_of(check, huge, **LIMITS) == Fault.LARGE


@pytest.mark.parametrize("data", [heic()[:300], heic()[:-40], heic().replace(b"ispe", b"free")])
def test_A47_a_broken_heic_is_refused(data):
    assert fault_of(decode, data) in (Fault.BROKEN, Fault.LARGE)
