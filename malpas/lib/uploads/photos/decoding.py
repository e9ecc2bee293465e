"""Send a photo to the child process that decodes it.

This process reads headers and finished JPEGs only.
"""

import json

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from malpas.lib.uploads.photos.processing import SIZES, Fault, Rendition, Unfit, check
from malpas.lib.uploads.sandbox import Exhausted, run_limited

# Sentences for the person who chose the photo.
FAULTS = {
    Fault.HEAVY: _(
        "This photo has more than 20 MB. Choose the usual photo size in the camera, or send a screenshot of it."
    ),
    Fault.KIND: _("We cannot read this as a photo. Please choose a JPEG, PNG, WebP or HEIC picture."),
    Fault.LARGE: _(
        "This picture is too large to open safely. Choose the usual photo size in the camera, or send a "
        "screenshot of it."
    ),
    Fault.COSTLY: _("This picture takes too long to open safely. Please choose another."),
    Fault.MOVING: _("This picture moves. Please choose a still photo."),
    Fault.CUT: _("A part of this photo is missing. Please choose it again, or take another."),
    Fault.BROKEN: _("This photo is damaged. Please choose it again, or take another."),
}


def _ask(data: bytes) -> bytes:
    limits = settings.PHOTO_MAX_BYTES, settings.PHOTO_MAX_PIXELS
    try:
        return run_limited("malpas.lib.uploads.photos.worker", *limits, data=data)
    except Exhausted:
        raise Unfit(Fault.COSTLY) from None


def decode(data: bytes) -> dict[int, Rendition]:
    """Return the re-encoded photo by size (AU-5). Raises Unfit.

    From the header alone, in microseconds, where that is enough.
    """
    check(data, max_bytes=settings.PHOTO_MAX_BYTES, max_pixels=settings.PHOTO_MAX_PIXELS)
    head, _end, rest = _ask(data).partition(b"\n")
    answer = json.loads(head)
    if "fault" in answer:
        raise Unfit(Fault(answer["fault"]))
    made, start = {}, 0
    for size, part in zip(SIZES, answer["made"], strict=True):
        end = start + part["bytes"]
        made[size] = Rendition(part["width"], part["height"], rest[start:end])
        start = end
    return made
