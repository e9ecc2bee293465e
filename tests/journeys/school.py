"""A whole portal of its own for a journey: servers, gunicorn, worker, beat, and a clock that can be moved."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import psycopg
import redis
from playwright.sync_api import Page

from malpas.dev.folders import ROOT
from malpas.dev.processes import Portal
from malpas.dev.servers.command import environment
from malpas.dev.servers.embedded import Servers
from malpas.dev.servers.made import put_tables
from malpas.dev.servers.postgres import DATABASE

SAVED_DATABASE = "saved"
LONDON = ZoneInfo("Europe/London")
Found = TypeVar("Found")


class RunningSchool:
    """The demo school on real processes. `clock(text)` moves the one clock that all of them ask."""

    def __init__(self, state: Path) -> None:
        self.servers = self.make_servers(state)
        put_tables(self.servers.postgres)
        self.servers.start()
        self.portal = Portal(state, {})
        self.environment = environment(self.servers, state) | {
            "DATABASE_URL": self.servers.environment["DATABASE_URL"],
            "REDIS_URL": self.servers.environment["REDIS_URL"],
            "MALPAS_DEMO": "1",
            "SWEEP_SECONDS": "2",
            "PUBLIC_URL": self.portal.url,
            "MAILBOX_DIR": str(state / "mail"),
            "MEDIA_ROOT": str(state / "media"),
        }
        self.portal.environment |= self.environment | {
            "WEB_BIND": self.portal.environment["WEB_BIND"],
            "BEAT_SCHEDULE": str(state / "beat-schedule"),
        }
        self.mailbox, self.media, self.media_backup = state / "mail", state / "media", state / "kept-media"
        self.socket = str(self.servers.valkey.socket)
        self.turn = 0
        self.thread = threading.local()
        self.url = self.portal.url

    def make_servers(self, state: Path) -> Servers:
        return Servers(state, fsync=False, environ={})

    def manage(self, *arguments: str) -> str:
        """Runs one of Django's commands as an installation would; its output."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> "RunningSchool":
        self.portal.start()
        self.portal.wait_until_healthy()
        return self

    def keep(self) -> None:
        """What is there now, with nothing running yet, is what `begin_anew` comes back to."""
        self._as_postgres(f'CREATE DATABASE {SAVED_DATABASE} TEMPLATE "{DATABASE}"')
        shutil.copytree(self.media, self.media_backup) if self.media.exists() else self.media_backup.mkdir()

    def rest(self) -> None:
        """Beat stands still, and no worker has anything to do any more."""
        queue = redis.Redis(unix_socket_path=self.socket)
        os.kill(self.portal.processes["beat"].pid, signal.SIGSTOP)
        eventually(lambda: not queue.llen("portal") and not queue.hlen("unacked"))

    def begin_anew(self, at: str) -> None:
        """It is this moment, and the database, mail, photos and counts are as they were kept; the processes go on,
        without what they remember."""
        while name := self.portal.ended():
            self.portal.start([name])
        self.rest()
        self.turn += 1
        self._as_postgres(f'DROP DATABASE "{DATABASE}" WITH (FORCE)')
        self._as_postgres(f'CREATE DATABASE "{DATABASE}" TEMPLATE {SAVED_DATABASE}')
        # What a process remembers of the hours and the words goes by these numbers.
        self.sql(
            "UPDATE accounts_school SET calendar_version = calendar_version + %s, lists_version = lists_version + %s",
            *[self.turn * 1000] * 2,
        )
        for folder in (self.mailbox, self.media):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.media_backup, self.media)
        redis.Redis(unix_socket_path=self.socket, db=2).flushdb()
        self.clock(at)
        os.kill(self.portal.processes["beat"].pid, signal.SIGCONT)

    def _as_postgres(self, statement: str) -> None:
        self._disconnect()  # no database is copied while somebody is connected to it
        with psycopg.connect(self.dsn, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)

    def stop(self) -> None:
        if "beat" in self.portal.processes:
            os.kill(self.portal.processes["beat"].pid, signal.SIGCONT)
        self.portal.stop()
        self.servers.stop()

    def sql(self, query: str, *values: object) -> list[tuple]:
        """Run one statement as the owner; return its rows. The connection of this thread stays open for the next one."""
        connection = self._connection()
        try:
            cursor = connection.execute(query, values)
        except psycopg.OperationalError:
            if not connection.broken:
                raise
            cursor = self._connection().execute(query, values)  # the server has ended the old one since
        return cursor.fetchall() if cursor.description else []

    def _connection(self) -> psycopg.Connection:
        connection = getattr(self.thread, "connection", None)
        if connection is None or connection.closed:
            self.thread.connection = connection = psycopg.connect(self.dsn, autocommit=True)
        return connection

    def _disconnect(self) -> None:
        if connection := getattr(self.thread, "connection", None):
            connection.close()

    @property
    def dsn(self) -> str:
        """As the owner: a rehearsal moves the clock and puts rows where the portal's own role may not."""
        return self.servers.owner_url.replace("postgres://", "postgresql://", 1)

    def clock(self, text: str, *, leaving: Iterable[Page] = ()) -> None:
        """From now on it is this moment in London, and time goes on from there.

        The pages of `leaving` are left first: an open page finds its lock and goes there by itself, at any moment.
        """
        for page in leaving:
            page.goto("about:blank")
        self.move_clock(datetime.fromisoformat(text).replace(tzinfo=LONDON))

    def move_clock(self, moment: datetime) -> None:
        shift = self.sql("SELECT extract(epoch FROM %s - clock_timestamp())", moment)[0][0]
        self.sql(
            "CREATE OR REPLACE FUNCTION school_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS "
            f"$$SELECT now() + interval '{shift} seconds'$$"
        )

    def mails(self, address: str) -> list[tuple[str, str]]:
        """(subject, words) of the mail that landed for this address, oldest first."""
        files = sorted(self.mailbox.glob("*.log"), key=lambda path: path.stat().st_mtime)
        found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]
        return [(str(mail["Subject"]), mail.get_content()) for mail in found if address in str(mail["To"])]

    def mail(self, address: str, about: str, seconds: float = 60) -> str:
        """The words of the newest mail to this address whose subject matches; waits for Celery to send it."""

        def arrived() -> list[str]:
            return [words for subject, words in self.mails(address) if re.search(about, subject)]

        return eventually(arrived, seconds)[-1]


def eventually(found: Callable[[], Found], seconds: float = 60) -> Found:
    """The first true answer of `found`, asked again and again until the seconds are over."""
    end = time.monotonic() + seconds
    while True:
        answer = found()
        if answer:
            return answer
        assert time.monotonic() < end, f"not within {seconds} seconds"
        time.sleep(0.1)
