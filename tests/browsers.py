"""The browser that the browser tests of one process share.

A new browser context costs a second of processor time: a process of its own, and every style and script loaded
again. So contexts are lent, emptied when they come back, and lent again.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from django.core.signals import request_finished, request_started

from tests.tools import CHROMIUM

# One process for all pages of a context, and none that waits for a page of another site.
FLAGS = ["--renderer-process-limit=1", "--disable-site-isolation-trials"]
# An init script: a page that asks for news every ten seconds does so every two.
SOONER = "const later = setTimeout; window.setTimeout = (act, wait, ...more) => later(act, wait === 10000 ? 2000 : wait, ...more)"
IDLE = 4  # contexts that are kept for the next test; each holds a process
PATIENCE = 30_000  # milliseconds until an action or expectation fails, also on a busy machine
CLOSING = 500  # milliseconds until a page is asked again to close
STORES = "local_storage,indexeddb,cache_storage,service_workers,file_systems"


class Answering:
    """The requests that a live server of this process still answers, also for a page that is closed already.

    The tables are emptied after a test: a request in the middle would stand in the way, or be stood upon.
    """

    def __init__(self) -> None:
        self.changed, self.number = threading.Condition(), 0
        request_started.connect(self._count, dispatch_uid="tests.browsers.started")
        request_finished.connect(self._uncount, dispatch_uid="tests.browsers.finished")

    def _count(self, **_signal) -> None:
        self._add(1)

    def _uncount(self, **_signal) -> None:
        self._add(-1)

    def _add(self, number: int) -> None:
        if threading.current_thread() is threading.main_thread():
            return  # a test client's own
        with self.changed:
            self.number += number
            self.changed.notify_all()

    def wait(self) -> None:
        with self.changed:
            self.changed.wait_for(lambda: self.number <= 0, timeout=PATIENCE / 1000)
            self.number = 0


ANSWERING = Answering()


class Contexts:
    """Browser contexts of one Chromium. `take` one, `return_context` empties it for the next test that asks for such a one."""

    def __init__(self, browser) -> None:
        self.browser = browser
        self.devtools = browser.new_browser_cdp_session()
        self.idle: list[tuple[str, object]] = []
        self.options: dict[object, dict] = {}

    def take(self, **options):
        """Return an empty context with these options of Playwright's `new_context`."""
        for number, (kind, context) in enumerate(self.idle):
            if kind == repr(options):
                del self.idle[number]
                return context
        context = self.browser.new_context(**options)
        context.new_page()  # keeps the process while no test has a page
        self.options[context] = options
        return context

    def return_context(self, context) -> None:
        """Remove pages, cookies, permissions and storage; what is cached of styles and scripts stays."""
        anchor, *pages = context.pages
        for page in pages:
            self._close(context, page)
        context.clear_cookies()
        context.clear_permissions()
        context.set_offline(False)
        self._empty_stores(context, anchor)
        self.idle.append((repr(self.options[context]), context))
        if len(self.idle) > IDLE:
            _kind, oldest = self.idle.pop(0)
            del self.options[oldest]
            oldest.close()

    def _close(self, context, page) -> None:
        """Close a page, and ask again until it is closed.

        Chromium says yes and does nothing when a navigation commits in that moment (crbug.com/536385539), and
        Playwright's own `close` then waits for ever.
        """
        from playwright.sync_api import TimeoutError as TookTooLong

        target = context.new_cdp_session(page).send("Target.getTargetInfo")["targetInfo"]["targetId"]
        while not page.is_closed():
            with suppress(TookTooLong), page.expect_event("close", timeout=CLOSING):
                self.devtools.send("Target.closeTarget", {"targetId": target})

    def _empty_stores(self, context, anchor) -> None:
        address = urlsplit(self.options[context].get("base_url", ""))
        devtools = context.new_cdp_session(anchor)
        for host in {address.hostname, "localhost"}:
            origin = f"{address.scheme}://{host}:{address.port}"
            devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": STORES})
        devtools.detach()


@pytest.fixture(scope="session")
def browser_contexts() -> Iterator[Contexts]:
    """Start one Chromium for all tests of this process."""
    from playwright.sync_api import expect, sync_playwright

    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE)
    flags = FLAGS + (["--no-sandbox"] if os.geteuid() == 0 else [])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield Contexts(browser)
        browser.close()


class Lender:
    """Lends contexts to one test, which may `end` one earlier than itself."""

    def __init__(self, contexts: Contexts) -> None:
        self.contexts = contexts
        self.taken: list[object] = []

    def __call__(self, **options):
        self.taken.append(self.contexts.take(**options))
        return self.taken[-1]

    def end(self, context) -> None:
        self.taken.remove(context)
        self.contexts.return_context(context)


@pytest.fixture
def new_context(browser_contexts) -> Iterator[Lender]:
    """Return a function that lends contexts until the end of the test; its options are Playwright's.

    A fixture asks for it last: its pages are closed before what they show is taken away.
    """
    lender = Lender(browser_contexts)
    yield lender
    for context in [*lender.taken]:
        lender.end(context)
    ANSWERING.wait()
