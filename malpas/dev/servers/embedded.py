"""
A private Postgres and Valkey, started from wheels on unix sockets only.

A server outlives a supervisor that was killed: one that still answers is used again, and what a crash left
behind is cleared away.
"""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import psycopg

from malpas.dev.folders import last_lines, socket_folder
from malpas.dev.servers.binaries import ServerError, find_valkey, launcher_for
from malpas.dev.servers.identity import command_of, is_alive

USER = DATABASE = "malpas"  # the owner, as whom only `migrate` comes
APP_USER = "malpas_app"  # the portal's processes: see malpas/operations/rights.py
PORT = 5432  # only a part of the socket's name; said everywhere, so that PGPORT changes nothing
START_SECONDS = 60
STOP_SECONDS = 20
INITDB = (
    ["-U", USER, "-A", "trust", "-E", "UTF8", "--no-instructions", "--no-sync"]
    + ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
)  # fmt: skip
SERVER_SETTINGS = {
    "max_connections": "100",
    "shared_buffers": "64MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# What was committed outlives a killed server even so; only a power cut may lose it.
NO_FSYNC = {"fsync": "off", "full_page_writes": "off"}


def wait_for(done: Callable[[], bool], seconds: float) -> bool:
    """Ask `done` many times a second until it is true, or until the seconds are over; return its last answer."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


class Postgres:
    """One cluster under `state`, with the empty database `malpas` of the user `malpas`, and the user `malpas_app`."""

    def __init__(self, state: Path, *, fsync: bool = True) -> None:
        self.fsync = fsync
        self.launcher = launcher_for(state)
        self.data = self.launcher.state / "postgres"
        # A server that is another user's keeps its socket beside its data, where that user may go.
        owner = self.launcher.options.get("user")
        folder = socket_folder(self.launcher.state, ".s.PGSQL.5432.lock", owner=owner)
        self.sockets = self.launcher.give(folder)
        self.log = state / "postgres.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.reused = False

    @property
    def owner_url(self) -> str:
        return self._url(USER)

    @property
    def url(self) -> str:
        return self._url(APP_USER)

    def _url(self, user: str) -> str:
        return f"postgres://{user}@:{PORT}/{DATABASE}?host={quote(str(self.sockets), safe='/')}"

    def start(self) -> None:
        """Start the server, or take over one that still answers; raise ServerError when neither works."""
        if self._running():
            wait_for(lambda: self.answers() or not self._running(), START_SECONDS)
        self.reused = self.answers()
        if not self.reused:
            self._refuse_a_second_one()
            self._prepare()
            self._start_anew()
        self._make_database()

    def answers(self) -> bool:
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """Ask the server to end its connections and stop; wait until it is gone."""
        pid = self.pid()
        if pid is None or not self._running():
            return
        os.kill(pid, signal.SIGINT)
        if not wait_for(lambda: self._has_ended(pid), STOP_SECONDS):
            os.kill(pid, signal.SIGQUIT)  # its own emergency exit: the next start recovers from the log
            wait_for(lambda: self._has_ended(pid), STOP_SECONDS)

    def _has_ended(self, pid: int) -> bool:
        # The file with its number goes a moment before it does.
        return self.process.poll() is not None if self.process else not is_alive(pid)

    def pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None

    def _running(self) -> bool:
        # The number in the file may have gone to a stranger since: look at what runs under it.
        pid = self.pid()
        return pid is not None and is_alive(pid) and str(self.data) in command_of(pid)

    def gone(self) -> bool:
        """Return whether its process has ended; one that only does not answer has not."""
        if self.process is not None:
            return self.process.poll() is not None
        return not self._running()

    def _refuse_a_second_one(self) -> None:
        # Two servers on one folder would destroy it.
        if self._running():
            raise self._failure(f"Postgres runs (process {self.pid()}) but does not answer")

    def _prepare(self) -> None:
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        if (self.data / "PG_VERSION").exists():
            self._check_version()
        else:
            self._initialise()

    def _check_version(self) -> None:
        created_by = (self.data / "PG_VERSION").read_text().strip()
        program = self.launcher.command("postgres", "--version")
        shown = subprocess.run(
            program, capture_output=True, text=True, cwd="/", **self.launcher.options
        ).stdout
        if f" {created_by}." not in shown:
            raise ServerError(
                f"The data in {self.data} is Postgres {created_by}'s, and the program here is {shown.strip()}. "
                "Set PG_BIN to the older one, or remove the folder to start with an empty school."
            )

    def _initialise(self) -> None:
        # Under another name until it is whole: a start killed half-way leaves nothing that looks finished.
        half = self.launcher.give(self.data.with_name("postgres.new"))
        subprocess.run(["rm", "-rf", str(half)], check=True)
        self.launcher.give(half)
        with self.log.open("ab") as log:
            done = subprocess.run(
                self.launcher.command("initdb", "-D", str(half), *INITDB),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", **self.launcher.options,
            )  # fmt: skip
        if done.returncode:
            raise self._failure("Postgres could not make its folder")
        half.rename(self.data)

    def _start_anew(self) -> None:
        # A server killed a moment ago leaves children that hold its memory for a second or two.
        for _attempt in range(5):
            self._launch()
            if wait_for(lambda: self.answers() or self._died(), START_SECONDS) and not self._died():
                return
            time.sleep(1)
        raise self._failure("Postgres did not start")

    def _launch(self) -> None:
        settings = SERVER_SETTINGS | ({} if self.fsync else NO_FSYNC)
        chosen = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        where = ["-D", str(self.data), "-h", "", "-k", str(self.sockets), "-p", str(PORT)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.launcher.command("postgres", *where, *chosen),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True,
                **self.launcher.options,
            )  # fmt: skip

    def _died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def _connect(self, name: str) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host=str(self.sockets), port=PORT, user=USER, dbname=name, autocommit=True, connect_timeout=5
        )

    def _make_database(self) -> None:
        with self._connect("postgres") as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if not found:
                connection.execute(f'CREATE DATABASE "{DATABASE}"')
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_USER]).fetchone()
            if not known:
                connection.execute(f'CREATE ROLE "{APP_USER}" LOGIN')

    def _failure(self, what: str) -> ServerError:
        return ServerError(
            f"{what} (run {self.launcher.how}). Its log is {self.log}:\n{last_lines(self.log)}"
        )


class Valkey:
    """One Valkey under `state`: written to disk, and never letting go of a key to make room."""

    def __init__(self, state: Path) -> None:
        self.data = state / "valkey"
        self.socket = socket_folder(state, "valkey.sock") / "valkey.sock"
        self.log = state / "valkey.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.reused = False

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start the server, or take over one that still answers; raise ServerError when neither works."""
        if self.answers():
            self.reused = True
            return
        self._launch()
        wait_for(lambda: self.answers() or self._died(), START_SECONDS)
        if not self.answers():
            raise ServerError(f"Valkey did not start. Its log is {self.log}:\n{last_lines(self.log)}")

    def answers(self) -> bool:
        return self._say(b"PING\r\n").startswith(b"+PONG")

    def gone(self) -> bool:
        """Return whether its process has ended; one that only does not answer has not."""
        if self.process is not None:
            return self.process.poll() is not None
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(str(self.socket))
        except (ConnectionRefusedError, FileNotFoundError):
            return True
        except OSError:
            return False
        return False

    def stop(self) -> None:
        """Ask the server to write what it holds and stop; wait until it is gone."""
        if self.process is None:
            self._say(b"SHUTDOWN\r\n")
            wait_for(lambda: not self.answers(), STOP_SECONDS)
            return
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _launch(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        # fmt: off
        arguments = [
            "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700",
            "--dir", str(self.data), "--save", "", "--appendonly", "yes", "--maxmemory-policy", "noeviction",
        ]
        # fmt: on
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(find_valkey()), *arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True,
            )  # fmt: skip

    def _died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def _say(self, words: bytes) -> bytes:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(str(self.socket))
                connection.sendall(words)
                return connection.recv(64)
        except OSError:
            return b""


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
