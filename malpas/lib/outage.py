"""Remember that a server does not answer, since each request to a frozen one would take two seconds."""

import time
from urllib.parse import urlsplit

SECONDS = 5


class Outage:
    """Last for five seconds from `begin()`; meanwhile callers do not ask the server."""

    def __init__(self) -> None:
        self._until = 0.0

    @property
    def lasts(self) -> bool:
        return time.monotonic() < self._until

    def begin(self) -> None:
        self._until = time.monotonic() + SECONDS

    def end(self) -> None:
        self._until = 0.0


_known: dict[str, Outage] = {}


def outage_of(address: str) -> Outage:
    """Return the outage of the server at this URL, shared by all its numbered databases."""
    parts = urlsplit(address)
    return _known.setdefault(parts.netloc or parts.path, Outage())


def end_outages() -> None:
    """Ask every server again (for tests)."""
    for outage in _known.values():
        outage.end()
