"""
The kind of process that gunicorn forks: its threads wait for senders, a few of them at a time make pages.

`handle` and `conn.sock` are gunicorn's own: tests/abuse/test_slow_clients.py says when they change.
"""

from django.conf import settings
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from malpas.web.request_bodies import DEADLINES


class PortalWorker(ThreadWorker):
    """gthread, in which the head of a request has so many seconds to come (F39)."""

    def handle(self, conn: TConn) -> object:
        DEADLINES.begin(conn.sock, settings.SLOW_CLIENT_SECONDS)
        try:
            return super().handle(conn)
        finally:
            DEADLINES.end(conn.sock)
