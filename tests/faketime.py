"""Moves the system clock of chosen processes, while they run, by libfaketime: they ask one file how far."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

# The one for processes with threads. Debian, Fedora, and what was built by hand.
PLACES = ("/usr/lib/*/faketime", "/usr/lib64/faketime", "/usr/lib/faketime", "/usr/local/lib/faketime")
TURN = 0.05  # how often, in seconds, a quick hand is moved on


def find_faketime() -> str | None:
    """The path of libfaketime: LIBFAKETIME when set, else where it is installed; or None."""
    if chosen := os.environ.get("LIBFAKETIME"):
        return chosen if os.access(chosen, os.R_OK) else None
    places = (found for place in PLACES for found in Path("/").glob(f"{place[1:]}/libfaketimeMT.so.1"))
    return next((str(path) for path in places if os.access(path, os.R_OK)), None)


class Hand:
    """The hand of a clock: `environment` is what a process needs to go by it. It begins at the machine's own time.

    Only the time of day is moved. What counts seconds (CLOCK_MONOTONIC, time-outs) is left alone, as it is when
    somebody sets a machine's clock.
    """

    def __init__(self, file: Path, library: str) -> None:
        self.file = file
        self.ahead = 0.0
        self.environment = {
            "LD_PRELOAD": library,
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }
        self.step(0)

    def set(self, moment: datetime) -> None:
        self.step(moment.timestamp() - time.time() - self.ahead)

    def step(self, seconds: float) -> None:
        """Puts it so many seconds forward or, below nought, back, from one moment to the next."""
        self.ahead += seconds
        half = self.file.with_suffix(".new")
        half.write_text(f"{self.ahead:+.6f}\n")
        half.rename(self.file)

    @contextmanager
    def turning(self, speed: float) -> Iterator[None]:
        """Inside, it goes `speed` times as fast as the machine's."""
        done = threading.Event()

        def turn() -> None:
            before = time.monotonic()
            while not done.wait(TURN):
                now = time.monotonic()
                self.step((now - before) * (speed - 1))
                before = now

        thread = threading.Thread(target=turn, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
