"""`make test`: the suite, on servers of its own which forget faster than they promise."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from malpas.dev.catalogues import compile_all
from malpas.dev.folders import ROOT
from malpas.dev.servers.binaries import ServerError
from malpas.dev.servers.command import free_state, run
from malpas.dev.servers.made import put_tables
from malpas.dev.servers.postgres import DATABASE, Postgres

# An installation's own settings must not reach the tests.
FORGOTTEN = (
    "EMAIL_URL", "PUBLIC_URL", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "DEBUG", "TRUSTED_PROXY_COUNT",
    "MALPAS_DEMO", "SECRET_KEY", "CODE_KEY", "MEDIA_ROOT", "MAILBOX_DIR", "STATIC_ROOT", "DB_POOL", "SCANNER",
    "MEDIA_KEEP_FREE", "WEB_THREADS", "WEB_CONNECTIONS", "SLOW_CLIENT_SECONDS", "APP_DATABASE_ROLE",
    "APP_DATABASE_PASSWORD",
    "PYTHONDONTWRITEBYTECODE",  # what was read once need not be read again by a dozen processes
)  # fmt: skip


def without_installation(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what an installation would set."""
    return {name: value for name, value in environ.items() if name not in FORGOTTEN}


def side_by_side() -> list[str]:
    """Return how the whole suite runs: in one process more than there are cores, five at most.

    Many tests wait for real processes, and another one computes meanwhile. Each process takes the next test in the
    order of tests/dealing.py; tests that share a school stay together.
    """
    return ["-n", str(min((os.cpu_count() or 1) + 1, 5)), "--dist", "loadscope", "--no-loadscope-reorder"]


def beginning(state: Path) -> dict[str, str]:
    """Return what tells the tests of a database with the tables in it, on a server of ours."""
    if os.environ.get("DATABASE_URL"):
        return {}
    postgres = Postgres(state, fsync=False)
    postgres.stop()  # a run that was killed may have left it
    put_tables(postgres)
    return {"TEST_TEMPLATE": DATABASE}


def main(arguments: list[str]) -> int:
    environment = without_installation(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    compile_all(ROOT / "locale")
    pytest = [str(Path(sys.prefix) / "bin" / "python"), "-m", "pytest", "-q", *(arguments or side_by_side())]
    with free_state("test") as state:
        return run(pytest, state=state, fsync=False, owner=True, extra=beginning(state))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ServerError as error:
        sys.exit(str(error))
