"""A private Postgres and Valkey under one folder, or those that somebody else runs."""

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from malpas.dev.servers.postgres import Postgres
from malpas.dev.servers.valkey import Valkey


class Servers:
    """
    Both servers under one folder, as a context manager or by start() and stop().

    A server whose address stands in `environ` already (DATABASE_URL, REDIS_URL) is somebody else's: it is used
    as it is, and neither started nor stopped. Its owner, as whom `migrate` comes, is OWNER_DATABASE_URL, or else the
    same.
    """

    def __init__(
        self, state_dir: Path, *, fsync: bool = True, environ: Mapping[str, str] | None = None
    ) -> None:
        state = Path(state_dir).resolve()
        state.mkdir(parents=True, exist_ok=True)
        given = environ or {}
        self.postgres = None if given.get("DATABASE_URL") else Postgres(state, fsync=fsync)
        self.valkey = None if given.get("REDIS_URL") else Valkey(state)
        self.database_url = self.postgres.url if self.postgres else given["DATABASE_URL"]
        self.owner_url = (
            self.postgres.owner_url if self.postgres else given.get("OWNER_DATABASE_URL", self.database_url)
        )
        self.redis_url = self.valkey.url if self.valkey else given["REDIS_URL"]

    @property
    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}

    @property
    def owner(self) -> dict[str, str]:
        """What `migrate` is given over the rest: the address of who owns the tables."""
        return {"DATABASE_URL": self.owner_url}

    def start(self) -> "Servers":
        try:
            for server in (self.postgres, self.valkey):
                if server:
                    server.start()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        for server in (self.valkey, self.postgres):
            if server:
                server.stop()

    def describe(self) -> str:
        """Return one line that says which servers are used."""
        names = {"Postgres": self.postgres, "Valkey": self.valkey}
        return ", ".join(f"{name} {_state_of(server)}" for name, server in names.items())

    def __enter__(self) -> "Servers":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _state_of(server: Postgres | Valkey | None) -> str:
    if server is None:
        return "of your own"
    return "still running" if server.reused else "started"
