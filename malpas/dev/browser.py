"""A Chromium for the browser tests."""

import os
import shutil
from pathlib import Path

# First the build without a window system: its browser process takes a fraction of the other's processor time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find_chromium() -> str | None:
    """Return the path of a Chromium: CHROMIUM when set, else one on the PATH, else Playwright's own; or None."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return chosen if os.access(chosen, os.X_OK) else None
    return next((path for path in map(shutil.which, NAMES) if path), None) or _elsewhere()


def _elsewhere() -> str | None:
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    shells = sorted(cache.glob("chromium_headless_shell-*/chrome-*/*headless*shell"), reverse=True)
    candidates = [*shells, MAC, *sorted(cache.glob("chromium-*/chrome-linux*/chrome"), reverse=True)]
    return next((str(path) for path in candidates if os.access(path, os.X_OK)), None)
