"""The browser that the browser tests share."""

import os

import pytest

from tests.tools import CHROMIUM


@pytest.fixture(scope="session")
def chromium():
    """One Chromium for the whole run; each test opens contexts of its own in it."""
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()
