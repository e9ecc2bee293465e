"""Check and re-encode photos as pure functions over bytes.

They are refused by content and size before anything is decoded. No setting, no query, no Django: the child
process that decodes (`malpas.lib.uploads.photos.worker`) starts with this alone.
"""

import re
import struct
import warnings
from enum import StrEnum
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageCms, ImageOps

from malpas.lib.uploads.photos.structure import HEIF_HEAD, Excessive, Moving, check_structure, jpeg_segments

SIZES = (1600, 640)  # longest side in pixels, largest first
QUALITY = 80
SIDE_MAX = 30_000  # bounds strips one pixel high
ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1"}


class Fault(StrEnum):
    """Say what is wrong with a photo."""

    HEAVY = "heavy"  # more bytes than allowed
    KIND = "kind"  # no JPEG, PNG, WebP or HEIC by content
    LARGE = "large"  # more pixels than allowed, or more work than a photo asks for
    MOVING = "moving"  # several frames
    COSTLY = "costly"  # used up what its decoder may take
    BROKEN = "broken"  # says it is a photo and cannot be read to its end


class Unfit(Exception):
    """Refuse a photo for its `fault`."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault)


class Rendition(NamedTuple):
    """Hold one size of a photo as JPEG."""

    width: int
    height: int
    jpeg: bytes


def kind_of(data: bytes) -> str | None:
    """Return 'JPEG', 'PNG', 'WEBP' or 'HEIF' by the first bytes, or None.

    Whatever the name or the sender says.
    """
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS:
        return "HEIF"
    return "WEBP" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Read the size from the frame header, after walking the segments."""
    for marker, at in jpeg_segments(data):
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 3 : at + 7])
            return width, height
    raise Unfit(Fault.BROKEN)


def _webp_size(data: bytes) -> tuple[int, int]:
    chunk = data[12:16]
    if chunk == b"VP8X":
        if data[20] & 0x02:
            raise Unfit(Fault.MOVING)
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", data[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _heif_size(data: bytes) -> tuple[int, int]:
    """Return the largest size in the file: the photo itself.

    Its tiles and thumbnails are smaller.
    """
    sizes = [
        struct.unpack(">II", data[at.end() + 4 : at.end() + 12])
        for at in re.finditer(b"ispe", data[:HEIF_HEAD])
    ]
    if not sizes:
        raise Unfit(Fault.BROKEN)
    return max(sizes, key=lambda size: size[0] * size[1])


def size_of(data: bytes) -> tuple[int, int]:
    """Return width and height in pixels from the header. Raises Unfit.

    Takes microseconds: nothing is decoded.
    """
    kind = kind_of(data)
    if kind is None:
        raise Unfit(Fault.KIND)
    try:
        if kind == "PNG":
            return struct.unpack(">II", data[16:24])
        if kind == "HEIF":
            return _heif_size(data)
        return _jpeg_size(data) if kind == "JPEG" else _webp_size(data)
    except (struct.error, IndexError):
        raise Unfit(Fault.BROKEN) from None
    except Excessive:
        raise Unfit(Fault.LARGE) from None


def _check_structure(data: bytes) -> None:
    try:
        check_structure(data, kind_of(data) or "")
    except Excessive:
        raise Unfit(Fault.LARGE) from None
    except Moving:
        raise Unfit(Fault.MOVING) from None


def check(data: bytes, *, max_bytes: int, max_pixels: int) -> None:
    """Refuse by size, content and header (AU-5). Raises Unfit."""
    if len(data) > max_bytes:
        raise Unfit(Fault.HEAVY)
    width, height = size_of(data)
    if width < 1 or height < 1:
        raise Unfit(Fault.BROKEN)
    if width * height > max_pixels or max(width, height) > SIDE_MAX:
        raise Unfit(Fault.LARGE)
    _check_structure(data)


def _open(data: bytes, max_pixels: int) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = max_pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    if kind_of(data) == "HEIF":
        import pi_heif  # imported only in the child process

        pi_heif.register_heif_opener()
    image = Image.open(BytesIO(data), formats=[kind_of(data) or ""])
    # A telephone's photo may carry a second picture for depth or brightness; the first one is the photo.
    if image.format not in ("MPO", "HEIF") and getattr(image, "n_frames", 1) > 1:
        raise Unfit(Fault.MOVING)
    image.draft("RGB", (SIZES[0], SIZES[0]))
    return image


def _turn(image: Image.Image) -> Image.Transpose | None:
    try:
        return TURNS.get(image.getexif().get(ORIENTATION, 1))
    except Exception:  # broken metadata does not spoil a photo
        return None


def _resizable(image: Image.Image) -> Image.Image:
    """Convert palettes, sixteen bits and single bits to a scalable mode."""
    if image.mode.startswith(("I;16", "I")):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image)
    return paper.convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            turned = ImageCms.profileToProfile(
                image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            if turned is not None:
                return turned
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken profile, or one for another mode, is ignored
    return image.convert("RGB")


def _plain(image: Image.Image) -> Image.Image:
    """Return the pixels alone.

    Place, time, camera, comments, thumbnail and profile stay behind.
    """
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    return clean


def _jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()


def write_anew(data: bytes, *, max_pixels: int) -> list[Rendition]:
    """Re-encode a photo as JPEG in each of SIZES (AU-5).

    Upright, in sRGB, without metadata. Call it in a process with limited memory
    (`malpas.lib.uploads.photos.worker`). Raises Unfit.
    """
    try:
        image = _open(data, max_pixels)
        turn, profile = _turn(image), image.info.get("icc_profile")
        image = _resizable(image)
        image.thumbnail((SIZES[0], SIZES[0]), Image.Resampling.LANCZOS)
        image = _plain(_to_srgb(_on_white(image), profile))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise Unfit(Fault.LARGE) from None
    except (OSError, SyntaxError, ValueError, EOFError, struct.error):
        raise Unfit(Fault.BROKEN) from None
    image = image.transpose(turn) if turn is not None else image
    made = [ImageOps.contain(image, (side, side)) if max(image.size) > side else image for side in SIZES]
    return [Rendition(*each.size, _jpeg(each)) for each in made]
