"""The portal's three processes, started by the same entrypoint as in a container, on a free loopback port."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

from malpas.dev.folders import ROOT, last_lines
from malpas.dev.servers.binaries import ServerError
from malpas.dev.servers.identity import is_same, started_at
from malpas.dev.servers.waiting import wait_for
from malpas.web.health import is_healthy

NAMES = ("web", "worker", "beat")
ENTRYPOINT = ROOT / "docker" / "entrypoint.sh"
STOP_SECONDS = 15


def free_port(wanted: int = 0, tries: int = 50) -> int:
    """Return the first free loopback port from `wanted` on; any free one for 0."""
    for port in range(wanted, wanted + tries) if wanted else [0]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ServerError(f"The ports {wanted} to {wanted + tries - 1} are all taken. Set PORT to a free one.")


class Portal:
    """
    gunicorn, a Celery worker and beat, each in a process group of its own with a log in `state`/log.

    `environment` is all they get: see malpas.dev.servers.command.environment. `extra` gives single processes more
    variables. A note of what was started lies in `state`/run.json, so that the next start can end the orphans of
    one that was killed.
    """

    def __init__(
        self,
        state: Path,
        environment: Mapping[str, str],
        *,
        port: int = 0,
        extra: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self.state = state
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.extra = extra or {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = {
            "WORKER_NAME": f"portal-{self.port}@%h",
            "LOG_LEVEL": "INFO",
            "BEAT_SCHEDULE": str(state / "beat-schedule"),
            "PUBLIC_URL": self.url,
            **environment,
            "WEB_BIND": f"127.0.0.1:{self.port}",
        }

    def start(self, names: Sequence[str] = NAMES) -> "Portal":
        for name in names:
            self.processes[name] = self._launch(name)
            self._note()
        return self

    def wait_until_healthy(self, seconds: float = 120) -> None:
        """Return when /health/ answers 200; raise ServerError when a process ends or the seconds are over."""
        healthy = wait_for(lambda: bool(self.ended()) or self.is_healthy(), seconds)
        if name := self.ended():
            raise ServerError(f"{self.why(name)}\n{last_lines(self.log(name))}")
        if not healthy:
            raise ServerError(f"{self.url}/health/ did not answer 200. See {self.log('web')}.")

    def is_healthy(self) -> bool:
        return is_healthy(self.environment["WEB_BIND"], self.environment["PUBLIC_URL"], timeout=2)

    def ended(self) -> str:
        """Return the name of a process that has ended by itself, or an empty text."""
        return next((name for name, child in self.processes.items() if child.poll() is not None), "")

    def why(self, name: str) -> str:
        return f"The {name} ended (exit code {self.processes[name].returncode}). Its log is {self.log(name)}"

    def log(self, name: str) -> Path:
        return self.state / "log" / f"{name}.log"

    def kill(self, name: str) -> None:
        """End a process and its children at once, as a crash would: SIGKILL, nothing is put in order."""
        child = self.processes.pop(name)
        _signal_group(child.pid, signal.SIGKILL)
        child.wait()
        self._note()

    def stop(self) -> None:
        """End what runs in reverse order: each is asked, waited for, and killed when it does not listen."""
        for child in reversed(self.processes.values()):
            if child.poll() is None:
                child.terminate()
        for child in reversed(self.processes.values()):
            _wait_or_kill(child)
        self.processes.clear()
        self._note()

    def __enter__(self) -> "Portal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _launch(self, name: str) -> subprocess.Popen[bytes]:
        env = {**self.environment, **self.extra.get(name, {})}
        with self._open_log(name) as log:
            return subprocess.Popen(
                [str(ENTRYPOINT), name],
                cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def _open_log(self, name: str) -> IO[bytes]:
        self.log(name).parent.mkdir(parents=True, exist_ok=True)
        return self.log(name).open("ab")

    def _note(self) -> None:
        notes = {name: [child.pid, started_at(child.pid)] for name, child in self.processes.items()}
        half = self.state / "run.json.new"
        half.write_text(json.dumps({"url": self.url, "processes": notes}))
        half.replace(self.state / "run.json")


def end_orphans(state: Path) -> list[str]:
    """
    End the processes that a killed start left behind and return their names.

    Only those are ended whose number and moment of start are both the noted ones.
    """
    found = {name: note for name, note in _noted(state).items() if is_same(*note)}
    for pid, _since in found.values():
        _signal(pid, signal.SIGTERM)
    if not wait_for(lambda: not any(is_same(*note) for note in found.values()), STOP_SECONDS):
        for pid, _since in found.values():
            _signal_group(pid, signal.SIGKILL)
    return list(found)


def noted_url(state: Path) -> str:
    """Return the address that the last start noted, or an empty text."""
    return str(_read_note(state).get("url", ""))


def _noted(state: Path) -> dict[str, tuple[int, str | None]]:
    processes = _read_note(state).get("processes", {})
    return {name: (int(pid), since) for name, (pid, since) in dict(processes).items()}


def _read_note(state: Path) -> dict[str, dict[str, tuple[int, str | None]]]:
    try:
        return dict(json.loads((state / "run.json").read_text()))
    except (OSError, ValueError):
        return {}


def _wait_or_kill(child: subprocess.Popen[bytes]) -> None:
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        _signal_group(child.pid, signal.SIGKILL)
        child.wait()


def _signal_group(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
