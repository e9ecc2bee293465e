"""`bootstrap.py tool NAME…`: run a program of the environment, such as ruff, on the project."""

import os
import sys
from pathlib import Path

from malpas.dev.folders import ROOT


def main(arguments: list[str]) -> None:
    folder = Path(sys.prefix) / "bin"
    environ = os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    # What reads the settings without a server (types, checks) still needs them to load.
    for name, value in (
        ("SECRET_KEY", "tool"),
        ("DATABASE_URL", "postgres:///none"),
        ("REDIS_URL", "redis://none"),
    ):
        environ.setdefault(name, value)
    os.chdir(ROOT)
    os.execvpe(str(folder / arguments[0]), arguments, environ)


if __name__ == "__main__":
    main(sys.argv[1:])
