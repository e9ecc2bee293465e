"""Named lines at which a fault test kills, pauses or breaks the process that reaches them.

They do nothing unless FAILPOINTS names a folder, which the settings refuse for a school's own portal. A file in that
folder arms the failpoint of its name. Its text is the action, carried out once, or each time when it ends with `!`.
"""

import os
import signal
import time
from pathlib import Path

from django.conf import settings

HOLD_SECONDS = 30


class BrokenOnPurpose(Exception):
    """Raised by a failpoint armed with `raise`."""


def failpoint(name: str) -> None:
    """Carry out the action of this failpoint: kill, killall, segv, raise or hold; nothing when it is not armed."""
    if settings.FAILPOINTS:
        _reach(Path(settings.FAILPOINTS) / name)


def _reach(point: Path) -> None:
    try:
        action = point.read_text()
        if not action.endswith("!"):
            point.unlink()  # of two processes that reach it at once only one succeeds
    except FileNotFoundError:
        return
    _ACTIONS[action.rstrip("!")](point)


def _raise(point: Path) -> None:
    raise BrokenOnPurpose(point.name)


def _hold(point: Path) -> None:
    """Wait until the test deletes `<name>.held`, HOLD_SECONDS at most."""
    paused = point.with_name(f"{point.name}.held")
    paused.touch()
    end = time.monotonic() + HOLD_SECONDS
    while paused.exists() and time.monotonic() < end:
        time.sleep(0.01)


_ACTIONS = {
    "kill": lambda _point: os.kill(os.getpid(), signal.SIGKILL),
    "killall": lambda _point: os.killpg(0, signal.SIGKILL),
    "segv": lambda _point: os.kill(os.getpid(), signal.SIGSEGV),
    "raise": _raise,
    "hold": _hold,
}
