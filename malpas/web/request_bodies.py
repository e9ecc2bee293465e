"""Read each request's body before its view runs, so that slow senders block nobody (F39, A61)."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import DatabaseError, connections

MOST = 64 * 1024 * 1024  # bytes of one request, as in the proxy
MOST_UNKNOWN = 64 * 1024  # bytes, without a sign-in
IN_MEMORY = 1024 * 1024  # bytes of one body; the rest goes to a file
LEAST_RATE = 8 * 1024  # bytes a second after the first seconds, for weak mobile connections
PIECE = 64 * 1024
REFUSED = "malpas.refused"


class Deadlines:
    """Stop reading from every socket whose time is over; one thread serves all of them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._until: dict[socket.socket, float] = {}
        self._thread: threading.Thread | None = None
        self._next = 0.0

    def begin(self, sock: socket.socket | None, seconds: float) -> None:
        if sock is None:  # another server than gunicorn
            return
        with self._changed:
            self._until[sock] = until = time.monotonic() + seconds
            if self._thread is None:  # the first request after the fork
                self._thread = threading.Thread(target=self._end_overdue, name="deadlines", daemon=True)
                self._thread.start()
            elif until < self._next:
                self._changed.notify()

    def end(self, sock: socket.socket | None) -> None:
        with self._changed:
            self._until.pop(sock, None)  # type: ignore[arg-type]  # None is never in it

    def _end_overdue(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                for sock in [sock for sock, until in self._until.items() if until <= now]:
                    del self._until[sock]
                    with suppress(OSError):
                        sock.shutdown(socket.SHUT_RD)  # the reader gets the end of the stream
                self._next = min(self._until.values(), default=now + 60)
                self._changed.wait(self._next - now)


DEADLINES = Deadlines()
_pages = threading.BoundedSemaphore(settings.WEB_THREADS)


@contextmanager
def page_slot() -> Iterator[None]:
    """Hold one of this process's WEB_THREADS slots; return its database connections to the pool at the end."""
    with _pages:
        try:
            yield
        finally:
            for connection in connections.all(initialized_only=True):
                connection.close()


def take_body(environ: dict[str, Any]) -> None:
    """Read the whole body, or mark the request as refused with 408 or 413."""
    sock = environ.get("gunicorn.socket")
    DEADLINES.end(sock)  # its head has come
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > MOST or (length > MOST_UNKNOWN and not _is_signed_in(environ)):
        _refuse(environ, 413)
    elif length:
        DEADLINES.begin(sock, settings.SLOW_CLIENT_SECONDS + length / LEAST_RATE)
        body = _read(environ["wsgi.input"], length)
        DEADLINES.end(sock)
        if body is None:
            _refuse(environ, 408)
        else:
            environ["wsgi.input"] = body


def _refuse(environ: dict[str, Any], status: int) -> None:
    environ |= {REFUSED: status, "CONTENT_LENGTH": "0", "CONTENT_TYPE": "", "wsgi.input": BytesIO()}


def _read(stream: IO[bytes], length: int) -> IO[bytes] | None:
    """Return the body, rewound, or None when it did not arrive whole."""
    body = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # the page reads it
    missing = length
    while missing:
        try:
            piece = stream.read(min(PIECE, missing))
        except OSError:
            return None
        if not piece:
            return None
        body.write(piece)
        missing -= len(piece)
    body.seek(0)
    return body


def _is_signed_in(environ: dict[str, Any]) -> bool:
    """Return whether the request's session is signed in; True when the database cannot tell."""
    try:
        cookie = SimpleCookie(environ.get("HTTP_COOKIE", "")).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return False
    if cookie is None or "\0" in cookie.value:
        return False
    sessions = import_module(settings.SESSION_ENGINE)
    with page_slot():
        try:
            return SESSION_KEY in sessions.SessionStore(cookie.value)
        except DatabaseError:
            return True
