"""What some tests need and not every machine has: a run names the tests it leaves out, or fails where it must not."""

import os
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from malpas.dev.browser import find_chromium
from tests.faketime import find_faketime
from tests.proxy import find_caddy

CHROMIUM = find_chromium()
FAKETIME = find_faketime()
CADDY = find_caddy()


class Tool(NamedTuple):
    """`marker`: whose tests need it. `variable`: set to 'required', none of them may be left out."""

    marker: str
    variable: str
    found: str | None
    missing: str
    tests: str
    remedy: str

    @property
    def required(self) -> bool:
        return os.environ.get(self.variable) == "required"

    def needed_by(self, item: pytest.Item) -> bool:
        return item.get_closest_marker(self.marker) is not None


TOOLS = (
    Tool(
        "browser", "BROWSER", CHROMIUM, "no Chromium was found", "browser tests",
        "Install Chromium (Debian: apt install chromium-headless-shell) or set CHROMIUM to its path.",
    ),
    Tool(
        "moved_clock", "MOVED_CLOCK", FAKETIME, "no libfaketime was found", "tests of a moved clock",
        "Install it (Debian: apt install faketime) or set LIBFAKETIME to the path of libfaketimeMT.so.1.",
    ),
    Tool(
        "proxy", "PROXY", CADDY, "no Caddy was found", "tests of the proxy",
        "Install it (Debian: apt install caddy) or set CADDY to its path.",
    ),
)  # fmt: skip


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for tool in TOOLS:
        needy = [item for item in items if tool.needed_by(item)]
        if tool.found or not needy:
            continue
        if tool.required:
            raise pytest.UsageError(f"{tool.variable}=required, and {tool.missing}. {tool.remedy}")
        for item in needy:
            item.add_marker(pytest.mark.skip(reason=tool.missing))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    # From the reports, which come back from other processes too.
    skipped = terminalreporter.stats.get("skipped", [])
    for tool in TOOLS:
        left_out = sorted({report.nodeid for report in skipped if tool.missing in str(report.longrepr)})
        if left_out:
            terminalreporter.section(f"{tool.tests} left out: {tool.missing}")
            for line in (*left_out, tool.remedy):
                terminalreporter.line(line)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    # Where a tool is required, a test that needs it and skips itself has not shown anything.
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    for tool in TOOLS:
        if tool.required and report.skipped and tool.needed_by(item):
            report.outcome = "failed"
            report.longrepr = f"one of the {tool.tests} was skipped, and {tool.variable}=required"
