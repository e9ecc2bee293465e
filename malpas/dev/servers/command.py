"""
`python -m malpas.dev.servers.command [--portal] -- COMMAND…`: run a command with both servers up.

They are servers of its own, stopped after it; with --portal those of `make run`, which are left running when
the portal itself is.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from malpas.dev.folders import LOCAL, ROOT, only_one
from malpas.dev.secret import secret_key
from malpas.dev.servers.binaries import ServerError
from malpas.dev.servers.embedded import Servers


def environment(servers: Servers, state: Path) -> dict[str, str]:
    """Return what the settings read, what is set by hand going first."""
    ours = {
        "DJANGO_SETTINGS_MODULE": "malpas.settings",
        "SECRET_KEY": secret_key(state),
        "MEDIA_ROOT": str(state / "media"),
        "MAILBOX_DIR": str(state / "mail"),
        "BEAT_SCHEDULE": str(state / "beat-schedule"),
    }
    programs = f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return ours | os.environ | servers.environment | {"PATH": programs, "PYTHONUNBUFFERED": "1"}


@contextmanager
def free_state(name: str) -> Iterator[Path]:
    """Yield the folder `.local/NAME`, or `.local/NAME-2` and so on while another run is using it."""
    with ExitStack() as locks:
        for number in range(1, 20):
            state = LOCAL / (name if number == 1 else f"{name}-{number}")
            if locks.enter_context(only_one(state)):
                yield state
                return
        raise ServerError(f"Too many runs at once: every folder {LOCAL / name} to {state} is in use.")


def run(
    command: list[str], *, state: Path, fsync: bool, owner: bool, extra: dict[str, str] | None = None
) -> int:
    """Run `command` at the root of the project with both servers up; return its exit code.

    `owner`: it comes as the owner of the tables, which `migrate` and the tests have to.
    """
    servers = Servers(state, fsync=fsync, environ=os.environ)
    with servers:
        given = environment(servers, state) | (servers.owner if owner else {})
        return call(command, given | (extra or {}))


def call(command: list[str], env: dict[str, str]) -> int:
    """Run `command` and wait for it; a Ctrl-C or SIGTERM goes to it and is waited for too."""
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    previous = signal.signal(signal.SIGTERM, lambda number, _frame: process.send_signal(number))
    try:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:  # the terminal has told it too: let it finish
                continue
    finally:
        signal.signal(signal.SIGTERM, previous)


def run_beside_portal(command: list[str]) -> int:
    """Run `command` on the data of `make run`, whether that is running or not."""
    extra = {"MALPAS_DEMO": os.environ.get("MALPAS_DEMO", "1")}
    owner = "migrate" in command
    with only_one(LOCAL) as alone:
        if alone:
            return run(command, state=LOCAL, fsync=True, owner=owner, extra=extra)
        servers = Servers(LOCAL, environ=os.environ).start()
        return call(command, environment(servers, LOCAL) | (servers.owner if owner else {}) | extra)


def main(arguments: list[str]) -> int:
    portal = arguments[:1] == ["--portal"]
    command = [part for part in arguments[:2] if part not in ("--portal", "--")] + arguments[2:]
    if not command:
        print("Say which command to run: python -m malpas.dev.servers.command -- COMMAND…", file=sys.stderr)
        return 2
    if portal:
        return run_beside_portal(command)
    with free_state("servers") as state:
        return run(command, state=state, fsync=True, owner=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ServerError as error:
        sys.exit(str(error))
