"""Runs one module of ours over bytes from a stranger, in a process with a ceiling of memory and of processor time."""

import subprocess
import sys

from django.conf import settings

TIMEOUT = 20  # seconds; an ordinary photo or letter takes less than one


class Exhausted(Exception):
    """The child took too much memory or time, or died."""


def run_limited(module: str, *arguments: object, data: bytes) -> bytes:
    """What `python -m module arguments` says about `data` on its standard input. Raises Exhausted.

    The module sets its own limits first (`malpas.lib.photo_worker.limit`) and gets nothing of our environment.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-B", "-m", module, *(str(each) for each in arguments)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=settings.BASE_DIR,
            env={},
            timeout=TIMEOUT,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        raise Exhausted from None
    return done.stdout
