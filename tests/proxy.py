"""The proxy of docker/Caddyfile in front of a web process on this machine."""

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from malpas.dev.folders import ROOT
from malpas.dev.processes import free_port
from malpas.dev.servers.waiting import wait_for

OLD_WORDS = "buffer_requests\n\t\tmax_buffer_size 64KiB"  # what 2.6.2 (Debian 12) calls request_buffers


def find_caddy() -> str | None:
    """Return the path of Caddy: CADDY when set, else one on the PATH; or None."""
    if chosen := os.environ.get("CADDY"):
        return chosen if os.access(chosen, os.X_OK) else None
    return shutil.which("caddy")


def _is_old(caddy: str) -> bool:
    said = subprocess.run([caddy, "version"], capture_output=True, text=True, check=True, timeout=20).stdout
    found = re.search(r"(\d+)\.(\d+)\.(\d+)", said)
    return bool(found) and tuple(map(int, found.groups())) < (2, 6, 3)


def caddyfile_for(port: int, caddy: str) -> str:
    """Return the project's own file, with this machine's web process behind it."""
    words = (ROOT / "docker" / "Caddyfile").read_text().replace("web:8000", f"127.0.0.1:{port}")
    assert "127.0.0.1" in words and "request_buffers 64KiB" in words
    return words.replace("request_buffers 64KiB", OLD_WORDS) if _is_old(caddy) else words


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def proxy(web_port: int, folder: Path) -> Iterator[int]:
    """Run the proxy before the web process; the port at which it listens on loopback."""
    caddy, port = find_caddy() or "", free_port()
    file = folder / "Caddyfile"
    file.write_text(
        caddyfile_for(web_port, caddy).replace("{$PORTAL_DOMAIN} {", f":{port} {{\n\tbind 127.0.0.1")
    )
    env = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "caddy.log").open("wb") as log:
        command = [caddy, "run", "--config", str(file), "--adapter", "caddyfile"]
        child = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    try:
        assert wait_for(lambda: _answers(port), 20), (folder / "caddy.log").read_text()
        yield port
    finally:
        child.terminate()
        child.wait(20)
