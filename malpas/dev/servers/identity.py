"""Whether a process is the one we started: a number alone may have gone to a stranger since."""

import os
import subprocess
from pathlib import Path


def is_alive(pid: int) -> bool:
    """Return whether a process with this number runs; one that ended and waits to be collected does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _stat(pid).startswith("Z") if _has_proc() else True


def started_at(pid: int) -> str | None:
    """Return a mark of the moment when process `pid` began, the same each time; None when there is no such one."""
    if _has_proc():
        fields = _stat(pid).split()
        return f"{_boot()}/{fields[19]}" if len(fields) > 19 else None
    return _ps(pid, "lstart=") or None


def is_same(pid: int, since: str | None) -> bool:
    """Return whether process `pid` still runs and is the one that began at `since`."""
    return since is not None and is_alive(pid) and started_at(pid) == since


def command_of(pid: int) -> str:
    """Return the command line of process `pid`, or an empty text."""
    if _has_proc():
        return _read(Path(f"/proc/{pid}/cmdline")).replace("\0", " ").strip()
    return _ps(pid, "command=")


def _has_proc() -> bool:
    return Path("/proc/self/stat").exists()


def _stat(pid: int) -> str:
    # The name stands in brackets and may hold anything, so count from behind it: state is the first field.
    return _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].strip()


def _boot() -> str:
    return _read(Path("/proc/sys/kernel/random/boot_id")).strip()


def _ps(pid: int, column: str) -> str:
    return subprocess.run(["ps", "-o", column, "-p", str(pid)], capture_output=True, text=True).stdout.strip()


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
