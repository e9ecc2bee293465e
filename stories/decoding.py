"""Hands a photo to the child process that decodes it; this process sees headers and finished JPEGs only."""

import json
import subprocess
import sys

from django.conf import settings

from stories.photos import SIZES, Fault, Rendition, Unfit, check

TIMEOUT = 20  # seconds; an ordinary photo takes less than one


def _ask(data: bytes) -> bytes:
    worker = [sys.executable, "-B", "-m", "stories.photo_worker"]
    limits = [str(settings.PHOTO_MAX_BYTES), str(settings.PHOTO_MAX_PIXELS)]
    try:
        done = subprocess.run(
            [*worker, *limits],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=settings.BASE_DIR,
            env={},
            timeout=TIMEOUT,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        raise Unfit(Fault.LARGE) from None
    return done.stdout


def decode(data: bytes) -> dict[int, Rendition]:
    """The photo's renditions by size, written anew (AU-5). Raises Unfit, from the header in microseconds if it can."""
    check(data, max_bytes=settings.PHOTO_MAX_BYTES, max_pixels=settings.PHOTO_MAX_PIXELS)
    head, _, rest = _ask(data).partition(b"\n")
    answer = json.loads(head)
    if "fault" in answer:
        raise Unfit(Fault(answer["fault"]))
    made, start = {}, 0
    for size, part in zip(SIZES, answer["made"], strict=True):
        end = start + part["bytes"]
        made[size] = Rendition(part["width"], part["height"], rest[start:end])
        start = end
    return made
