"""`make run` as a person meets it: started, left with Ctrl-C, killed, and started again."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from malpas.dev.folders import ROOT
from malpas.dev.processes import free_port
from malpas.dev.servers.embedded import Servers
from malpas.dev.servers.identity import is_alive
from malpas.dev.servers.waiting import wait_for
from malpas.web.health import is_healthy

pytestmark = pytest.mark.faults


class Run:
    """One `make run` on a folder of its own."""

    def __init__(self, state: Path, port: int) -> None:
        self.state, self.port = state, port
        self.out = state / f"out-{time.monotonic_ns()}"
        hidden = (
            "DATABASE_URL",
            "OWNER_DATABASE_URL",
            "REDIS_URL",
            "SECRET_KEY",
            "MEDIA_ROOT",
            "MAILBOX_DIR",
            "BEAT_SCHEDULE",
        )
        env = {name: value for name, value in os.environ.items() if name not in hidden}
        with self.out.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "malpas.dev.run"],
                env=env | {"MALPAS_STATE": str(state), "PORT": str(port)},
                cwd=ROOT, stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip

    def said(self) -> str:
        return self.out.read_text()

    def until_ready(self) -> "Run":
        assert wait_for(lambda: "Ctrl-C ends it" in self.said() or self.process.poll() is not None, 180)
        assert self.process.poll() is None, self.said()
        return self

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)

    def children(self) -> list[int]:
        notes = json.loads((self.state / "run.json").read_text())["processes"]
        return [pid for pid, _since in notes.values()]


@pytest.fixture(scope="module")
def state():
    with tempfile.TemporaryDirectory(prefix="malpas-") as folder:
        yield Path(folder)
        Servers(Path(folder)).stop()


def people_in(state: Path) -> int:
    with psycopg.connect(Servers(state).database_url) as connection:
        return connection.execute("SELECT count(*) FROM accounts_user").fetchone()[0]


def test_a_run_survives_its_ends(state):
    port = free_port()

    first = Run(state, port).until_ready()
    assert f"http://127.0.0.1:{port}" in first.said()
    assert "/mailbox/" in first.said()
    assert is_healthy(f"127.0.0.1:{port}")
    people, children = people_in(state), first.children()
    assert people > 0
    assert len(children) == 3

    beside = Run(state, port)
    assert beside.process.wait(60) == 1
    assert f"It runs already, at http://127.0.0.1:{port}." in beside.said()

    first.end(signal.SIGKILL)
    assert any(is_alive(child) for child in children)
    second = Run(state, port).until_ready()
    assert "Ended what a killed start had left behind: web, worker, beat." in second.said()
    assert "Postgres still running, Valkey still running" in second.said()
    assert not any(is_alive(child) for child in children)
    assert people_in(state) == people

    children = second.children()
    os.kill(Servers(state).postgres.pid(), signal.SIGKILL)
    assert wait_for(lambda: "Postgres runs again" in second.said(), 120), second.said()
    assert wait_for(lambda: is_healthy(f"127.0.0.1:{port}"), 60)
    assert second.end(signal.SIGINT) == 0
    assert second.said().rstrip().endswith("Everything is stopped.")
    assert not any(is_alive(child) for child in children)
    assert not is_healthy(f"127.0.0.1:{port}", timeout=1)
    assert Servers(state).postgres.pid() is None


def test_a_run_whose_part_dies_says_which_and_ends(state):
    run = Run(state, free_port()).until_ready()
    os.kill(json.loads((state / "run.json").read_text())["processes"]["beat"][0], signal.SIGKILL)
    assert run.process.wait(60) == 1
    assert (
        f"The beat ended (exit code -9). Its log is {state}/log/beat.log. The rest is ended too."
        in run.said()
    )
    assert Servers(state).postgres.pid() is None
