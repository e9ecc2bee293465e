"""Run the web process as in production, and measure its memory."""

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
def web(settings: str = "benchmarks.settings") -> Iterator[Portal]:
    """Run gunicorn from the entrypoint with a connection pool; stop it and clean up afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="malpas-bench-"))
    portal = Portal(folder, dict(os.environ) | {"LOG_LEVEL": "WARNING", "DJANGO_SETTINGS_MODULE": settings})
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
    """Return the proportional memory (PSS) of the web processes in MB; 0 where the system does not report it."""
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
