"""What every test may use."""

import gc

import pytest

from tests import tools
from tests.browsers import browser_contexts, new_context
from tests.dealing import Dealer, turn_of
from tests.layers import layer_times
from tests.structure.test_policy import counted
from tests.tools import pytest_runtest_makereport

pytest_plugins = ["tests.fixtures"]
__all__ = ["browser_contexts", "new_context", "pytest_runtest_makereport"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    tools.pytest_collection_modifyitems(config, items)
    items.sort(key=turn_of)


@pytest.hookimpl(optionalhook=True)  # xdist's
def pytest_xdist_make_scheduler(config: pytest.Config, log) -> Dealer | None:
    return Dealer(config, log) if config.getvalue("dist") == "loadscope" else None


def pytest_collection_finish() -> None:
    """What has been imported stays: looking for rubbish in it takes a tenth of the time of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    tools.pytest_terminal_summary(terminalreporter)
    reports = [each for kind in terminalreporter.stats.values() for each in kind]
    for line in layer_times([each for each in reports if isinstance(each, pytest.TestReport)]):
        terminalreporter.line(line)
    terminalreporter.line(counted())


@pytest.fixture(autouse=True)
def plain_static_files(settings) -> None:
    """Pages are drawn without collectstatic; a process of its own is given MALPAS_DEMO=1 for the same."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
