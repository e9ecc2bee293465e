"""Decode one photo in a process of its own.

`python -m malpas.lib.uploads.photos.worker SECONDS BYTES PIXELS < photo`. A picture made to exhaust its
reader exhausts this process and no other: it has limits of memory and processor time, knows no secret, and
opens no file. Answers on stdout with one line of JSON, then the JPEGs.
"""

import json
import os
import resource
import sys

MEMORY = 1024 * 1024 * 1024  # bytes of address space; seventy million pixels with transparency fit
NICE = 5  # requests for pages have priority


def limit() -> None:
    """Set the limits of this process.

    Its first argument is the processor time in seconds.
    """
    seconds = int(sys.argv[1])
    os.nice(NICE)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    limit()
    from malpas.lib.uploads.photos import (
        processing,  # after the limits, so that the decoders are bound by them
    )

    max_bytes, max_pixels = int(sys.argv[2]), int(sys.argv[3])
    data = sys.stdin.buffer.read(max_bytes + 1)
    try:
        processing.check(data, max_bytes=max_bytes, max_pixels=max_pixels)
        made = processing.write_anew(data, max_pixels=max_pixels)
    except processing.Unfit as unfit:
        print(json.dumps({"fault": unfit.fault}))
        return
    head = [{"width": r.width, "height": r.height, "bytes": len(r.jpeg)} for r in made]
    sys.stdout.buffer.write(json.dumps({"made": head}).encode() + b"\n" + b"".join(r.jpeg for r in made))


if __name__ == "__main__":
    main()
