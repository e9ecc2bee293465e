"""The project's own Python files, for tests that read them."""

from collections.abc import Iterable
from pathlib import Path

from malpas.dev.folders import ROOT

APPS = ("accounts", "classes", "points", "messaging", "stories", "moderation")
PACKAGES = (*APPS, "malpas")


def modules(folders: Iterable[str] = PACKAGES) -> list[Path]:
    """Return the files of these folders of the project, without migrations, in their order."""
    files = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return [path for path in files if "migrations" not in path.parts]
