"""A lock in the session that closes after an idle time.

The class account (TE-2) and the parent lock (PA-11) each have one. `accounts.drafts.saved_forms` saves what was
sent to a closed lock; nothing is carried out.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase
    from django.http import HttpResponse


class IdleLock:
    """A lock whose session `key` holds when it was last used (UTC).

    `idle` names the setting of its seconds. The session is written at most every `step` seconds, so the
    lock may close as much too soon.
    """

    def __init__(self, key: str, *, idle: str, step: int) -> None:
        self.key, self.idle, self.step = key, idle, step

    def _idle_seconds(self, session: SessionBase, at: datetime) -> float | None:
        seen = session.get(self.key)
        return (at - datetime.fromisoformat(seen)).total_seconds() if isinstance(seen, str) else None

    def is_open(self, session: SessionBase, *, at: datetime) -> bool:
        """Return whether the lock was opened and has been used since within its idle time."""
        idle = self._idle_seconds(session, at)
        return idle is not None and idle <= getattr(settings, self.idle)

    def open(self, session: SessionBase, *, at: datetime) -> None:
        """Open the lock, or count its idle time from now."""
        session[self.key] = at.isoformat()

    def close(self, session: SessionBase) -> None:
        """Close the lock at once."""
        session.pop(self.key, None)

    def note_use(self, session: SessionBase, *, at: datetime) -> None:
        """Count the idle time of an open lock from now; does nothing for a closed one."""
        idle = self._idle_seconds(session, at)
        if idle is not None and idle > self.step:
            self.open(session, at=at)


def leave_page(response: HttpResponse, to: str) -> HttpResponse:
    """Tell the script of an open page that its lock has closed, and which address opens it."""
    response["HX-Trigger"] = json.dumps({"lapsed": {"to": to}})
    return response
