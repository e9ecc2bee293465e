"""
A Postgres folder with the portal's empty tables in it, made once and copied wherever a test needs a whole server.

It lies in `.local/made` under a digest of what makes it: the migrations, the versions of what is installed and how
a folder is initialised. Change one of these and it is made anew.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from malpas.dev.folders import LOCAL, ROOT
from malpas.dev.servers.binaries import ServerError
from malpas.dev.servers.command import environment
from malpas.dev.servers.embedded import Servers
from malpas.dev.servers.postgres import Postgres

MADE = LOCAL / "made"
MAKERS = (
    "*/migrations/*.py",
    "*/models.py",
    "*/models/*.py",
    "malpas/lib/db/append_only.py",
    "malpas/lib/db/clock.py",
    "malpas/operations/rights.py",
    "malpas/dev/servers/postgres.py",
    "malpas/dev/servers/made.py",
    "requirements.txt",
)


def digest() -> str:
    found = hashlib.sha256(sys.version.encode())
    for path in sorted(path for pattern in MAKERS for path in ROOT.glob(pattern)):
        found.update(os.fsencode(path.relative_to(ROOT)) + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]


def put_tables(postgres: Postgres) -> None:
    """Give this server, which must not run, a folder with the tables in its database; what it held is gone."""
    made = Postgres(_made()).data
    subprocess.run(["rm", "-rf", str(postgres.data)], check=True)
    postgres.data.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", str(made), str(postgres.data)], check=True)


def _made() -> Path:
    MADE.mkdir(parents=True, exist_ok=True)
    state = MADE / digest()
    with (MADE / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (state / "whole").exists():
            for old in (path for path in MADE.iterdir() if path.is_dir()):
                shutil.rmtree(old)
            _make(state)
            (state / "whole").touch()
    return state


def _make(state: Path) -> None:
    with Servers(state, fsync=False) as servers:
        done = subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=ROOT, env=environment(servers, state) | servers.owner, capture_output=True, text=True,
        )  # fmt: skip
    if done.returncode:
        raise ServerError(f"The tables could not be made:\n{done.stdout}{done.stderr}")
