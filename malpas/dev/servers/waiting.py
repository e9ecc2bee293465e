"""Wait for a server or a process, and no longer than it takes."""

import time
from collections.abc import Callable

START_SECONDS = 60
STOP_SECONDS = 20


def wait_for(done: Callable[[], bool], seconds: float) -> bool:
    """Ask `done` many times a second until it is true, or until the seconds are over; return its last answer."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
