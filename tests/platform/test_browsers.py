"""Check how the browser tests return their pages."""

import signal
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

pytestmark = pytest.mark.browser
MOVING = b"<script>setTimeout(() => location.replace('/there'), 20)</script>"


class MovingPages(BaseHTTPRequestHandler):
    """Answer / with a page that moves on by itself after 20 ms."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(MOVING if self.path == "/" else b"There.")

    def log_message(self, *_ignored: object) -> None:
        """Keep quiet."""


@pytest.fixture
def moving_pages() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), MovingPages)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def alarm() -> Iterator[None]:
    """End the process after a minute: a page that never closes can be left in no other way."""
    signal.alarm(60)
    yield
    signal.alarm(0)


def test_a_page_is_closed_that_moves_on_in_that_moment(browser_contexts, moving_pages, alarm):
    context = browser_contexts.take(base_url=moving_pages)
    for number in range(30):
        page = context.new_page()
        page.goto("/")
        page.wait_for_timeout(5 + number)
        browser_contexts.return_context(context)
        assert page.is_closed()
        assert browser_contexts.take(base_url=moving_pages) is context
    browser_contexts.return_context(context)
