"""The order of the tests of a run, and which of them stay together in one of its processes.

xdist's own groups (`--dist loadgroup`) have no effect under pytest 9.2: pytest-dev/pytest-xdist#1386. Here the
address of a test says its group, so that the process that deals the tests out knows it, too.
"""

import pytest
from xdist.scheduler import LoadScopeScheduling

# A school on real processes takes seconds to start: its tests stay together. Two schools share the journeys, which
# take longest. The first in this order start first.
SECOND_JOURNEYS = tuple(
    f"tests/journeys/test_{name}.py"
    for name in (
        "broadcasts", "calendar", "class_account", "devices", "files_along", "joining",
        "joining_by_passkey", "new_teacher", "office", "terms",
    )
)  # fmt: skip
RIGS = tuple(
    f"tests/faults/test_{name}.py"
    for name in ("files", "letters", "mail", "nudges", "redis", "release", "web")
)  # fmt: skip
GROUPS = {
    "own installation": ("tests/journeys/test_empty_installation.py",),
    "second journeys": SECOND_JOURNEYS,
    "journeys": ("tests/journeys/",),
    "faults": RIGS,
    "moved clock": ("tests/faults/test_moved_clock.py",),
}
ORDER = ("journeys", "second journeys", "faults", "moved clock", "own installation")
# Each of these files starts programs of its own, or a browser.
FILES = (
    "tests/platform/",
    "tests/crawl/",
    "tests/accounts/test_widths.py",
    "tests/points/test_browser.py",
    "tests/messaging/conversations/test_browser.py",
    "tests/messaging/office/test_browser.py",
    "tests/messaging/attachments/test_failed_parts.py",
    "tests/shared_view/test_tabs.py",
)
# What takes longest comes first, so that the processes of a run end together on short tests.
LONGEST = (
    "tests/crawl/",
    "tests/platform/test_run.py",
    "tests/platform/test_processes.py",
    "tests/platform/",
    "tests/structure/test_access.py",
    "tests/messaging/office/test_sealed.py",
    "tests/abuse/test_slow_clients.py",
    "tests/messaging/conversations/test_browser.py",
    "tests/points/test_browser.py",
    "tests/abuse/",
    "tests/structure/",
    "tests/messaging/attachments/test_failed_parts.py",
)


def group_of(nodeid: str) -> str:
    """Return the name under which tests stay together; the test's own address where it may run in any process."""
    for name, paths in GROUPS.items():
        if nodeid.startswith(paths):
            return name
    return nodeid.split("::")[0] if nodeid.startswith(FILES) else nodeid


class Dealer(LoadScopeScheduling):
    """Gives each process the next group, in the order of the tests."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def empties(item: pytest.Item) -> bool:
    """Return whether the test leaves a database without the rows that migrations have put there."""
    mark = item.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction")) or "transactional_db" in item.fixturenames


def turn_of(item: pytest.Item) -> tuple[int, bool, int]:
    """Return the sort key: schools first, tests that empty the database last, the longest first in each."""
    group = group_of(item.nodeid)
    place = next((place for place, path in enumerate(LONGEST) if item.nodeid.startswith(path)), len(LONGEST))
    return ORDER.index(group) if group in ORDER else len(ORDER), empties(item), place
