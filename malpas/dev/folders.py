"""The folders that the embedded servers and the portal's processes keep their state in."""

import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = Path(os.environ.get("MALPAS_STATE") or ROOT / ".local")
# A socket's path has 107 bytes on Linux and 103 on macOS.
LONGEST_SOCKET = 100


def short_name(state: Path) -> str:
    """Return a name for `state` that is short, the same each time, and different for each user."""
    digest = hashlib.sha256(os.fsencode(state)).hexdigest()[:10]
    return f"malpas-{os.getuid()}-{digest}"


def private_folder(path: Path, mode: int = 0o700, owner: int | None = None) -> Path:
    """Make `path` with this mode; refuse one that somebody but us, or the user `owner`, has put there."""
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.geteuid(), owner):
        raise PermissionError(f"{path} belongs to somebody else; remove it, or set TMPDIR to another folder.")
    path.chmod(mode)
    return path


def socket_folder(state: Path, longest_name: str, owner: int | None = None) -> Path:
    """Return the folder for sockets: in `state`, or a short one in the temp directory when that is too long."""
    inside = state / "s"
    if len(os.fsencode(inside / longest_name)) <= LONGEST_SOCKET:
        return private_folder(inside, owner=owner)
    return private_folder(Path(tempfile.gettempdir()) / short_name(state), owner=owner)


@contextmanager
def only_one(state: Path) -> Iterator[bool]:
    """Hold the lock of `state` and yield True; yield False when another process holds it."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def last_lines(path: Path, count: int = 8) -> str:
    """Return the last lines of a log, or an empty text."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return ""
