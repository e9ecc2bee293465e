"""The order of the tests of a run, and which of them stay together in one of its processes."""

import pytest

# A school on real processes takes seconds to start: who shares one stays in one process.
SCHOOLS = ("running_school", "running", "moving")
# The journeys take half of such a run's time, so two schools share them.
SECOND_SCHOOL = tuple(
    f"tests/journeys/test_{name}.py"
    for name in (
        "broadcasts", "calendar", "class_account", "devices", "files_along", "joining",
        "joining_by_passkey", "new_teacher", "office", "terms",
    )
)  # fmt: skip
TOGETHER = ("running_school", "running_school 2", "running", "moving")
# What takes longest comes first, so that the processes of a run end together on short tests.
LONGEST = (
    "tests/journeys/test_empty_installation.py",
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


def group_of(item: pytest.Item) -> str:
    """Return the name under which tests stay together; empty for a test that may run in any process."""
    shared = next((name for name in SCHOOLS if name in item.fixturenames), "")
    if shared == "running_school" and item.nodeid.startswith(SECOND_SCHOOL):
        return "running_school 2"
    alone = item.nodeid.startswith("tests/platform/") or item.get_closest_marker("browser")
    return shared or (item.nodeid.split("::")[0] if alone else "")


def empties(item: pytest.Item) -> bool:
    """Return whether the test leaves a database without the rows that migrations have put there."""
    mark = item.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction")) or "transactional_db" in item.fixturenames


def _place_in(names: tuple[str, ...], found) -> int:
    return next((place for place, name in enumerate(names) if found(name)), len(names))


def turn_of(item: pytest.Item) -> tuple[int, bool, int]:
    """Return the sort key: shared schools first, tests that empty the database last, the longest first in each."""
    group = group_of(item)
    return (
        _place_in(TOGETHER, lambda name: name == group),
        empties(item),
        _place_in(LONGEST, item.nodeid.startswith),
    )


def deal(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Sort the tests, and mark for xdist those that stay together."""
    items.sort(key=turn_of)
    for item in items:
        if config.pluginmanager.hasplugin("xdist") and (group := group_of(item)):
            item.add_marker(pytest.mark.xdist_group(group))
