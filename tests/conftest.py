"""What every test may use."""

import gc

import pytest

from tests import tools
from tests.browsers import browser_contexts, new_context
from tests.structure.test_policy import counted
from tests.tools import pytest_runtest_makereport

pytest_plugins = ["tests.fixtures"]
__all__ = ["browser_contexts", "new_context", "pytest_runtest_makereport"]
# Each of these takes seconds. They come first, so that the processes of a run end together on short ones.
LONG = tuple(f"tests/{folder}/" for folder in ("journeys", "faults", "platform", "structure", "abuse"))
# What takes long to start is started once in a run: who shares it stays in one process.
SCHOOLS = ("running_school", "running", "moving")


def group_of(item: pytest.Item) -> str:
    """The name under which tests stay together; none for what may go to whichever process is free."""
    shared = next((name for name in SCHOOLS if name in item.fixturenames), "")
    alone = item.nodeid.startswith("tests/platform/") or item.get_closest_marker("browser")
    return shared or (item.nodeid.split("::")[0] if alone else "")


def empties(item: pytest.Item) -> bool:
    """Whether the test leaves its process a database without the rows that migrations have put there."""
    mark = item.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction")) or "transactional_db" in item.fixturenames


def turn_of(item: pytest.Item) -> tuple[bool, ...]:
    return group_of(item) not in SCHOOLS, empties(item), not item.nodeid.startswith(LONG)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    tools.pytest_collection_modifyitems(config, items)
    items.sort(key=turn_of)
    for item in items:
        if config.pluginmanager.hasplugin("xdist") and (group := group_of(item)):
            item.add_marker(pytest.mark.xdist_group(group))


def pytest_collection_finish() -> None:
    """What has been imported stays: looking for rubbish in it takes a tenth of the time of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    tools.pytest_terminal_summary(terminalreporter)
    terminalreporter.line(counted())


@pytest.fixture(autouse=True)
def plain_static_files(settings) -> None:
    """Pages are drawn without collectstatic; a process of its own is given MALPAS_DEMO=1 for the same."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
