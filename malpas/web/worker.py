"""
The worker class of gunicorn: many threads wait for senders, few of them run views at a time.

`handle` and `conn.sock` are gunicorn's internals; tests/abuse/test_slow_clients.py fails when they change.
"""

from django.conf import settings
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from malpas.web.request_bodies import DEADLINES


class PortalWorker(ThreadWorker):
    """A threaded worker with a deadline for the head of a request (F39)."""

    def handle(self, conn: TConn) -> object:
        DEADLINES.begin(conn.sock, settings.SLOW_CLIENT_SECONDS)
        try:
            return super().handle(conn)
        finally:
            DEADLINES.end(conn.sock)
