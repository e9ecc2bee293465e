"""`make run`: the whole portal on this machine, with the demo school, until Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from malpas.dev.catalogues import compile_all
from malpas.dev.folders import LOCAL, ROOT, only_one
from malpas.dev.processes import Portal, end_orphans, free_port, noted_url
from malpas.dev.servers.binaries import ServerError
from malpas.dev.servers.command import environment
from malpas.dev.servers.embedded import Servers
from malpas.dev.servers.keeper import Keeper


class Ended(Exception):
    """Somebody asked for the end: Ctrl-C, SIGTERM, or the terminal was closed."""


def say(sentence: str) -> None:
    print(f"[malpas] {sentence}", flush=True)


def _end(_number: int, _frame: object) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise Ended


def prepare(servers: Servers, env: dict[str, str]) -> str:
    """Bring the database up to date and return who one can sign in as; raise ServerError when that fails."""
    carry_out(["manage.py", "migrate", "--verbosity", "0"], env | servers.owner)
    return carry_out(["-m", "malpas.dev.prepare"], env)


def carry_out(arguments: list[str], env: dict[str, str]) -> str:
    # Its own process group: Ctrl-C ends it through us, and its traceback does not fill the terminal.
    command = [sys.executable, *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            said, _ = process.communicate()
        except Ended:
            process.terminate()
            raise
    if process.returncode:
        raise ServerError("The database could not be prepared; it says why above.")
    return said.rstrip()


def chosen_port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise ServerError(f"PORT is {text!r}, and has to be a number between 1 and 65535.")
    wanted = int(text)
    port = free_port(wanted)
    if port != wanted:
        say(f"The port {wanted} is taken, so this is on {port}.")
    return port


def portal_environment(servers: Servers, state: Path, port: int) -> dict[str, str]:
    demo = {"MALPAS_DEMO": "1", "PUBLIC_URL": f"http://127.0.0.1:{port}"}
    return demo | environment(servers, state)


def introduce(portal: Portal, people: str, started: float) -> None:
    say(f"Ready after {time.monotonic() - started:.1f} seconds: {portal.url}")
    print(people, flush=True)
    say(f"Mail lands in {portal.url}/mailbox/")
    say("Ctrl-C ends it; what was written stays for the next start.")


def serve(state: Path, started: float) -> None:
    """Start everything and return only by an exception: Ended, or ServerError when something breaks."""
    servers = Servers(state, environ=os.environ)
    with ExitStack() as running:
        running.callback(say, "Everything is stopped.")
        running.callback(servers.stop)
        servers.start()
        say(servers.describe())
        portal = Portal(state, {}, port=chosen_port())
        env = portal_environment(servers, state, portal.port)
        portal.environment |= env
        people = prepare(servers, env)
        running.callback(portal.stop)
        running.callback(say, "Stopping…")
        portal.start()
        portal.wait_until_healthy()
        introduce(portal, people, started)
        status_page(portal, Keeper(servers, say))


def status_page(portal: Portal, keeper: Keeper) -> None:
    """Return never: raise ServerError when one of the processes ends by itself, or a server again and again."""
    while not portal.ended():
        keeper.look()
        time.sleep(0.5)
    raise ServerError(f"{portal.why(portal.ended())}. The rest is ended too.")


def main() -> int:
    started = time.monotonic()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    with only_one(LOCAL) as alone:
        if not alone:
            say(f"It runs already, at {noted_url(LOCAL) or 'another terminal'}.")
            return 1
        try:
            if orphans := end_orphans(LOCAL):
                say(f"Ended what a killed start had left behind: {', '.join(orphans)}.")
            compile_all(ROOT / "locale")
            serve(LOCAL, started)
        except Ended:
            return 0
        except ServerError as error:
            say(str(error))
    return 1


if __name__ == "__main__":
    sys.exit(main())
