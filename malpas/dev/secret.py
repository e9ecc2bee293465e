"""The secret key of a portal that runs on somebody's own machine: made once, kept beside its data."""

import os
import secrets
from pathlib import Path


def secret_key(state: Path) -> str:
    """Return the key kept in `state`, made on the first call and readable to its owner only."""
    path = state / "secret-key"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()
