"""Judge from the picture that comes out whether a JPEG arrived whole (AU-5).

An end marker proves nothing: what a transfer has lost may be followed by one, and many whole photos have none.
A decoder that runs out of data draws the rest in grey. So the photo is drawn again with rubbish behind its data:
where that shows, pixels are missing. A few at the very end are drawn over with those above them.
"""

from collections.abc import Callable

from PIL import Image, ImageChops

from malpas.lib.uploads.photos.structure import SCAN, JpegFrame, frame_of, jpeg_segments
from malpas.lib.uploads.photos.tidying import tidy_jpeg

RUBBISH = bytes(range(1, 255)) * 40  # no marker is in it
MISSING = {127, 128}  # the grey of pixels that never came
BLEEDING = 2  # pixels by which a decoder smooths colours into their neighbours


class Cut(Exception):
    """Refuse a photo of which a part did not arrive."""


def has_end(data: bytes) -> bool:
    """Return whether an end marker follows the first picture."""
    end = max((segment.end for segment in jpeg_segments(data)), default=0)
    return data.find(b"\xff\xd9", end) >= 0


def has_all_scans(data: bytes, frame: JpegFrame) -> bool:
    """Return whether the scans of a progressive JPEG bring each coefficient to its last bit."""
    missing = {(component, place) for component in frame.components for place in range(64)}
    for segment in jpeg_segments(data):
        if segment.marker != SCAN:
            continue
        count = data[segment.start + 2]
        named = data[segment.start + 3 : segment.start + 3 + 2 * count : 2]
        first, last, bits = data[segment.start + 3 + 2 * count :][:3]
        if bits & 0x0F == 0:
            missing -= {(component, place) for component in named for place in range(first, last + 1)}
    return not missing


def _ends_grey(image: Image.Image) -> bool:
    pixel = image.getpixel((image.width - 1, image.height - 1))
    return set(pixel if isinstance(pixel, tuple) else (pixel,)) <= MISSING


def make_whole(image: Image.Image, data: bytes, draw: Callable[[bytes], Image.Image]) -> Image.Image:
    """Return the picture with its last few pixels mended, or as it is. Raises Cut.

    `image` is what `draw` makes of the tidy file; `data` is the file as it came.
    """
    frame = frame_of(data)
    if frame.is_progressive:
        if not has_all_scans(data, frame):
            raise Cut
        return image  # at most the last bits of the last scan are missing
    if has_end(data) and not _ends_grey(image):
        return image
    missing = ImageChops.difference(image, draw(tidy_jpeg(data, after_scan=RUBBISH))).getbbox()
    return image if missing is None else _mended(image, missing, frame)


def _mended(image: Image.Image, missing: tuple[int, int, int, int], frame: JpegFrame) -> Image.Image:
    """Draw over missing pixels of the last row of blocks with those above them. Raises Cut for more."""
    left, top = missing[:2]
    last_row = (frame.height - 1) // frame.block_height * frame.block_height
    height = image.height - top
    if top + BLEEDING < last_row * image.height / frame.height or height > top:
        raise Cut
    above = image.crop((left, top - height, image.width, top))
    image.paste(above, (left, top))
    return image
