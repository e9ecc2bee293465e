"""`make check`: the quick tests of the structure, and those of the files that the next commit changes."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from malpas.dev import test
from malpas.dev.folders import ROOT
from malpas.dev.servers.binaries import ServerError

QUICK = tuple(
    f"tests/structure/test_{name}.py"
    for name in ("beat", "clock", "declared_access", "docs", "head", "ladder", "nudges", "policy", "saves", "words")
)  # fmt: skip
SLOW = "browser or faults or moved_clock or proxy"  # markers of tests that a commit need not wait for


def changed_files() -> list[str]:
    """Return the files that git sees as changed or new, as paths from the root."""
    command = ["git", "status", "--porcelain", "--untracked-files=all", "--no-renames"]
    lines = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [line[3:] for line in lines]


def chosen_tests(changed: Iterable[str], root: Path) -> list[str]:
    """Return the changed test files and the mirrored test file of each changed module."""
    found = set()
    for path in map(PurePosixPath, changed):
        own = path.parts[0] == "tests" and path.name.startswith("test_")
        mirrored = PurePosixPath("tests", *path.parts[:-1], f"test_{path.name}")
        found |= {str(each) for each in (path if own else mirrored,) if each.suffix == ".py"}
    return sorted(path for path in found if (root / path).exists())


def main() -> int:
    quick = [path for path in QUICK if (ROOT / path).exists()]
    chosen = [*quick, *(path for path in chosen_tests(changed_files(), ROOT) if path not in quick)]
    return test.main(["-q", "-m", f"not ({SLOW})", *chosen])


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ServerError as error:
        sys.exit(str(error))
