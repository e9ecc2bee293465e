"""Run one of our modules over untrusted bytes, in a limited process."""

import subprocess
import sys

from django.conf import settings

from malpas.lib.machine_slots import Busy, machine_slot

TIMEOUT = 20  # seconds; an ordinary photo or letter takes less than one
AT_ONCE, WAIT = 2, 8  # child processes on this machine; seconds that a request waits for one


class Exhausted(Exception):
    """Report a child that ran out of memory or time.

    Or died.
    """


def run_limited(module: str, *arguments: object, data: bytes) -> bytes:
    """Return what `python -m module SECONDS arguments` writes about `data`.

    The module sets its own limits first (`malpas.lib.uploads.photos.worker.limit`) and gets nothing of our
    environment. Two run at once on this machine and few wait, so that some threads of the web process stay
    free (A47). Raises Exhausted, Busy.
    """
    waiting = max(1, settings.WEB_THREADS - AT_ONCE - 1)
    with machine_slot(settings.DECODER_SLOTS, at_once=AT_ONCE, waiting=waiting, seconds=WAIT):
        return _run(module, *arguments, data=data)


def _run(module: str, *arguments: object, data: bytes) -> bytes:
    try:
        done = subprocess.run(
            [
                sys.executable,
                "-B",
                "-m",
                module,
                *(str(each) for each in (settings.DECODER_SECONDS, *arguments)),
            ],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=settings.BASE_DIR,
            env={},
            timeout=TIMEOUT,
            check=True,
        )
    except subprocess.TimeoutExpired:  # processor time was left: the machine is busy
        raise Busy from None
    except subprocess.CalledProcessError:
        raise Exhausted from None
    return done.stdout
