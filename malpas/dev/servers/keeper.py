"""Starting a dead Postgres or Valkey anew under `make run`, and giving up on one that dies again and again."""

import time
from collections import deque
from collections.abc import Callable

from malpas.dev.servers.binaries import ServerError
from malpas.dev.servers.embedded import Servers
from malpas.dev.servers.postgres import Postgres
from malpas.dev.servers.valkey import Valkey

STARTS = 5
WITHIN_SECONDS = 10 * 60


class Keeper:
    """Look after the servers that are ours: each is started anew at most five times in ten minutes."""

    def __init__(self, servers: Servers, say: Callable[[str], None]) -> None:
        self.say = say
        self.starts: dict[str, deque[float]] = {}
        self.servers: dict[str, Postgres | Valkey] = {
            type(server).__name__: server for server in (servers.postgres, servers.valkey) if server
        }

    def look(self) -> None:
        """Start what has ended; raise ServerError when it has done so too often, or does not start."""
        for name, server in self.servers.items():
            if server.gone():
                self._start(name, server)

    def _start(self, name: str, server: Postgres | Valkey) -> None:
        starts, now = self.starts.setdefault(name, deque(maxlen=STARTS)), time.monotonic()
        if len(starts) == STARTS and now - starts[0] < WITHIN_SECONDS:
            raise ServerError(f"{name} ended {STARTS + 1} times in ten minutes. Its log is {server.log}.")
        starts.append(now)
        self.say(f"{name} has ended; it is started again. Its log is {server.log}")
        server.start()
        self.say(f"{name} runs again. What was written is there.")
