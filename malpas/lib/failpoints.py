"""Named lines at which a rehearsal kills, stops or breaks the process that reaches them.

They are nothing unless FAILPOINTS names a folder, which the settings refuse for a school's own portal. A file in
that folder arms the point of its name and holds what shall happen, once; with `!` behind it, every time.
"""

import os
import signal
import time
from pathlib import Path

from django.conf import settings

HOLD_SECONDS = 30


class BrokenOnPurpose(Exception):
    """What a point armed with `raise` raises."""


def failpoint(name: str) -> None:
    """Does what the point of this name is armed with: kill, killall, segv, raise, or hold until it is let go."""
    if settings.FAILPOINTS:
        _reach(Path(settings.FAILPOINTS) / name)


def _reach(point: Path) -> None:
    try:
        action = point.read_text()
        if not action.endswith("!"):
            point.unlink()  # of two that come at once one finds it
    except FileNotFoundError:
        return
    _ACTIONS[action.rstrip("!")](point)


def _raise(point: Path) -> None:
    raise BrokenOnPurpose(point.name)


def _hold(point: Path) -> None:
    held = point.with_name(f"{point.name}.held")
    held.touch()
    end = time.monotonic() + HOLD_SECONDS
    while held.exists() and time.monotonic() < end:
        time.sleep(0.01)


_ACTIONS = {
    "kill": lambda _point: os.kill(os.getpid(), signal.SIGKILL),
    "killall": lambda _point: os.killpg(0, signal.SIGKILL),
    "segv": lambda _point: os.kill(os.getpid(), signal.SIGSEGV),
    "raise": _raise,
    "hold": _hold,
}
