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

from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from malpas.lib.uploads.photos.structure import Excessive, Moving, check_structure, frame_of, heif_meta
from malpas.lib.uploads.photos.tidying import MOST_PROFILE, tidy_jpeg, tidy_png
from malpas.lib.uploads.photos.wholeness import Cut, make_whole

SIZES = (1600, 640)  # longest side in pixels, largest first
QUALITY = 80
SIDE_MAX = 30_000  # bounds strips one pixel high
SCALED_TIMES = 4  # a JPEG may have so many times more pixels: its decoder makes it smaller while it reads
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
    CUT = "cut"  # a part of it did not arrive
    BROKEN = "broken"  # says it is a photo and cannot be read


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
    meta = heif_meta(data)
    sizes = [struct.unpack(">II", meta[at.end() + 4 : at.end() + 12]) for at in re.finditer(b"ispe", meta)]
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
        return frame_of(data)[:2] if kind == "JPEG" else _webp_size(data)
    except (struct.error, LookupError, ValueError):
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
    if max(width, height) > SIDE_MAX or _pixels_to_keep(data, width, height) > max_pixels:
        raise Unfit(Fault.LARGE)
    _check_structure(data)


def _pixels_to_keep(data: bytes, width: int, height: int) -> int:
    """Return for how many pixels the decoder needs memory at once.

    That of a JPEG makes it smaller while it reads, as `draft` asks it to, and also more pixels take more time.
    """
    if kind_of(data) != "JPEG":
        return width * height
    smaller = next(by for by in (8, 4, 2, 1) if by <= max(1, min(width, height) // SIZES[0]))
    return max(width * height // smaller**2, width * height // SCALED_TIMES)


def _draw_jpeg(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data), formats=["JPEG"])
    image.draft("RGB", (SIZES[0], SIZES[0]))
    image.load()
    return image


def _open(data: bytes, max_pixels: int) -> Image.Image:
    kind = kind_of(data) or ""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    if kind == "JPEG":
        Image.MAX_IMAGE_PIXELS = max_pixels * SCALED_TIMES
        return make_whole(_draw_jpeg(tidy_jpeg(data)), data, _draw_jpeg)
    Image.MAX_IMAGE_PIXELS, PngImagePlugin.MAX_TEXT_CHUNK = max_pixels, MOST_PROFILE
    if kind == "HEIF":
        import pi_heif  # imported only in the child process

        pi_heif.register_heif_opener()
    image = Image.open(BytesIO(tidy_png(data) if kind == "PNG" else data), formats=[kind])
    # A telephone's photo may carry a second picture for depth or brightness; the first one is the photo.
    if kind != "HEIF" and getattr(image, "n_frames", 1) > 1:
        raise Unfit(Fault.MOVING)
    image.load()
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
    except Cut:
        raise Unfit(Fault.CUT) from None
    except (OSError, SyntaxError, ValueError, EOFError, LookupError, struct.error) as error:
        raise Unfit(Fault.CUT if "truncated" in str(error) else Fault.BROKEN) from None
    image = image.transpose(turn) if turn is not None else image
    made = [ImageOps.contain(image, (side, side)) if max(image.size) > side else image for side in SIZES]
    return [Rendition(*each.size, _jpeg(each)) for each in made]
