"""
A private Postgres, started from its wheel on a unix socket only.

It outlives a supervisor that was killed: one that still answers is used again, and what a crash left behind is cleared
away.
"""

import os
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from malpas.dev.folders import last_lines, socket_folder
from malpas.dev.servers.binaries import ServerError, launcher_for
from malpas.dev.servers.identity import command_of, is_alive
from malpas.dev.servers.waiting import START_SECONDS, STOP_SECONDS, wait_for

USER = DATABASE = "malpas"  # the owner, as whom only `migrate` comes
APP_USER = "malpas_app"  # the portal's processes: see malpas/operations/rights.py
PORT = 5432  # only a part of the socket's name; said everywhere, so that PGPORT changes nothing
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
