"""Browser tests: the Chromium they use, and what is said of them when there is none."""

import os
from collections.abc import Iterator

import pytest

from malpas.dev.browser import find_chromium

CHROMIUM = find_chromium()
REQUIRED = os.environ.get("BROWSER") == "required"
NONE_FOUND = "no Chromium was found"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    browser_tests = [item for item in items if item.get_closest_marker("browser")]
    if CHROMIUM or not browser_tests:
        return
    if REQUIRED:
        raise pytest.UsageError("BROWSER=required, and no Chromium was found: install one or set CHROMIUM.")
    for item in browser_tests:
        item.add_marker(pytest.mark.skip(reason=NONE_FOUND))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    # From the reports, which come back from other processes too.
    skipped = terminalreporter.stats.get("skipped", [])
    left_out = sorted({report.nodeid for report in skipped if NONE_FOUND in str(report.longrepr)})
    if not left_out:
        return
    terminalreporter.section(f"browser tests left out: {NONE_FOUND}")
    for name in left_out:
        terminalreporter.line(name)
    terminalreporter.line("Install Chromium (Debian: apt install chromium) or set CHROMIUM to its path.")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    # Where a browser is required, a browser test that skips itself has not shown anything.
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if REQUIRED and report.skipped and item.get_closest_marker("browser"):
        report.outcome, report.longrepr = "failed", "a browser test was skipped, and BROWSER=required"


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
