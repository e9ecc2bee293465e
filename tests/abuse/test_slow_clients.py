"""Whoever sends slowly holds up nobody, on a real gunicorn and behind the real proxy (F39, A61)."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from malpas.dev.processes import Portal
from malpas.dev.servers.waiting import wait_for
from tests.abuse.kit import web_environment
from tests.proxy import proxy

LOGIN = b"POST /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken=" + b"a" * 32 + b"\r\n"
FORM = LOGIN + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n"
MANY = 24


@pytest.fixture
def start(transactional_db, people, clock, tmp_path):
    """gunicorn as it is shipped, but for one process, and so many seconds for slow clients."""
    clock.real()
    with ExitStack() as stack:

        def start(**variables: str) -> Portal:
            portal = stack.enter_context(Portal(tmp_path / "state", web_environment(tmp_path, **variables)))
            portal.start(["web"])
            portal.wait_until_healthy(60)
            return portal

        yield start


@contextmanager
def senders(port: int, beginning: bytes, number: int = MANY) -> Iterator[list[socket.socket]]:
    """So many connections that each have sent only this much."""
    with ExitStack() as stack:
        lines = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), 30))
            for _number in range(number)
        ]
        for line in lines:
            line.sendall(beginning)
        yield lines


def ask(port: int, raw: bytes, seconds: float = 10) -> bytes:
    """The whole answer; an OSError when it does not come in these seconds."""
    with socket.create_connection(("127.0.0.1", port), seconds) as line:
        line.sendall(raw)
        return b"".join(iter(lambda: line.recv(65536), b""))


def is_answered(port: int) -> bool:
    answer = ask(port, b"GET /health/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", 5)
    return answer.startswith(b"HTTP/1.1 200")


def trickle(lines: list[socket.socket], piece: bytes = b"a") -> None:
    for line in lines:
        line.sendall(piece)


@pytest.mark.parametrize("beginning", [FORM % 4000, LOGIN], ids=["bodies", "heads"])
def test_F39_slow_senders_hold_up_nobody(start, beginning):
    portal = start(SLOW_CLIENT_SECONDS="60")
    with senders(portal.port, beginning) as lines:
        for _time in range(3):
            trickle(lines)
            assert is_answered(portal.port)


def test_F39_what_does_not_come_in_time_is_ended_in_words(start):
    portal = start(SLOW_CLIENT_SECONDS="0.5")
    began = time.monotonic()
    answer = ask(portal.port, FORM % 4000 + b"login=ama")
    assert answer.startswith(b"HTTP/1.1 408") and b"nothing was sent" in answer
    assert ask(portal.port, LOGIN) == b""
    assert time.monotonic() - began >= 1
    assert is_answered(portal.port)


def test_F39_a_slow_body_that_comes_in_time_is_taken_whole(start):
    portal = start()
    with socket.create_connection(("127.0.0.1", portal.port), 30) as line:
        line.sendall(FORM % 9 + b"login")
        line.sendall(b"=ama")
        assert line.recv(65536).startswith(b"HTTP/1.1 403")  # it was read, and its token is wrong


def test_A61_nobody_sends_much_without_a_sign_in(start, people):
    portal, session = start(), people.client(people.nia).cookies["sessionid"].value
    own = FORM.replace(b"csrftoken", b"sessionid=" + session.encode() + b"; csrftoken")
    for head in (FORM, FORM.replace(b"csrftoken", b"sessionid=nobodys; csrftoken")):
        answer = ask(portal.port, head % (64 * 1024 + 1))
        assert answer.startswith(b"HTTP/1.1 413") and b"Nothing was sent" in answer
    with socket.create_connection(("127.0.0.1", portal.port), 10) as line:
        line.sendall(own % (64 * 1024 + 1) + b"a" * (64 * 1024 + 1))
        assert line.recv(65536).startswith(b"HTTP/1.1 302")  # it was read: a second tab leads home
    assert ask(portal.port, own % 2**30).startswith(b"HTTP/1.1 413")


@pytest.mark.proxy
def test_F39_behind_the_proxy_a_slow_body_never_reaches_the_web(start, tmp_path):
    portal = start(WEB_CONNECTIONS="2", WEB_THREADS="1", SLOW_CLIENT_SECONDS="60")
    with proxy(portal.port, tmp_path) as port:
        assert wait_for(lambda: is_answered(port), 10)
        for beginning in (FORM % 4000, LOGIN):
            with senders(port, beginning) as lines:
                for _time in range(3):
                    trickle(lines)
                    assert is_answered(port) and is_answered(portal.port)


@pytest.mark.proxy
def test_F39_the_proxy_ends_a_head_that_does_not_come(start, tmp_path):
    portal = start(SLOW_CLIENT_SECONDS="60")
    with proxy(portal.port, tmp_path) as port:
        assert ask(port, LOGIN, 30)[:12] in (b"", b"HTTP/1.1 408")
