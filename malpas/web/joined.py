"""Join the style sheets into one file when the server starts, so that a page asks for one and not for thirty.

The sheets stay as they are written: `css/main.css` names them in their order. `collectstatic` and WhiteNoise find the
joined file by this finder; it is made anew when a sheet has changed.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NAME = "css/portal.css"
MAIN = Path("static/css/main.css")
IMPORT = re.compile(r'@import "([a-z/_-]+\.css)";\s*')
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


def sheets() -> list[Path]:
    """Return the style sheets of a page, in the order of `main.css`."""
    main = settings.BASE_DIR / MAIN
    return [main, *(main.parent / name for name in IMPORT.findall(main.read_text()))]


def joined() -> str:
    """Return all style sheets of a page as one, without comments."""
    main, *others = sheets()
    texts = [IMPORT.sub("", main.read_text()), *(sheet.read_text() for sheet in others)]
    return "\n".join(COMMENT.sub("", text).strip() for text in texts) + "\n"


def _write(path: Path, content: bytes) -> None:
    """Write a file at once: another process of the server may read it meanwhile."""
    handle, made = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(made, 0o644)
    os.replace(made, path)


class JoinedFinder(BaseFinder):
    """Find `css/portal.css`, and make it where it is missing or older than a sheet."""

    def __init__(self) -> None:
        self.storage = FileSystemStorage(location=settings.JOINED_ROOT)

    def make(self) -> Path:
        path = settings.JOINED_ROOT / NAME
        newest = max(sheet.stat().st_mtime for sheet in sheets())
        if not path.exists() or path.stat().st_mtime < newest:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, joined().encode())
        return path

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:
        if path != NAME:
            return []
        return [str(self.make())] if find_all else str(self.make())

    def list(self, _ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        self.make()
        yield NAME, self.storage
