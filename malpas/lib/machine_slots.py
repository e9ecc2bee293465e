"""Limit costly work on this machine, over all its processes, by locks on files."""

import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from malpas.lib.errors import RuleViolation

POLL_INTERVAL = 0.05  # seconds
log = logging.getLogger(__name__)


class Busy(RuleViolation):
    """Raised when all slots are taken; nothing was begun."""

    sentence = _("A lot of photos and documents are arriving just now. Please try again in a moment.")


def _take(path: Path) -> int | None:
    """Return the file descriptor locked by us, or None. The lock ends with the process."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    return file


def _first(folder: Path, name: str, amount: int) -> int | None:
    paths = (folder / f"{name}-{number}" for number in range(amount))
    return next((file for path in paths if (file := _take(path)) is not None), None)


@contextmanager
def _slot(folder: Path, name: str, amount: int, seconds: float) -> Iterator[None]:
    ends = time.monotonic() + seconds
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        while (file := _first(folder, name, amount)) is None:
            if time.monotonic() >= ends:
                raise Busy
            time.sleep(POLL_INTERVAL)
    except OSError as error:
        log.error("slots for costly work cannot be counted (%s)", error)
        raise Busy from None
    try:
        yield
    finally:
        with suppress(OSError):
            os.close(file)


@contextmanager
def machine_slot(folder: Path, *, at_once: int, waiting: int, seconds: float) -> Iterator[None]:
    """Hold one of `at_once` slots; up to `waiting` others wait `seconds` for one. Raises Busy."""
    with _slot(folder, "here", at_once + waiting, 0), _slot(folder, "works", at_once, seconds):
        yield
