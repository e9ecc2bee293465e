"""The web process as it is run, and what it holds of the memory."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from malpas.dev.folders import last_lines
from malpas.dev.processes import Portal


@contextmanager
def web() -> Iterator[Portal]:
    """gunicorn from the entrypoint with a pool of connections, ended and cleared away afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="malpas-bench-"))
    portal = Portal(folder, dict(os.environ) | {"LOG_LEVEL": "WARNING"})
    try:
        portal.start(["web"])
        portal.wait_until_healthy()
        yield portal
    except Exception:
        print(last_lines(portal.log("web"), 60), file=sys.stderr)
        raise
    finally:
        portal.stop()
        shutil.rmtree(folder)


def megabytes(portal: Portal) -> float:
    """Proportional share of memory of the web's processes; 0 where the system does not tell."""
    group = portal.processes["web"].pid
    return sum(
        _share(int(name)) for name in os.listdir("/proc") if name.isdigit() and _is_of(int(name), group)
    )


def _is_of(pid: int, group: int) -> bool:
    try:
        return os.getpgid(pid) == group
    except ProcessLookupError:
        return False


def _share(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
