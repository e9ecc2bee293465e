"""What every test may use."""

import pytest

from tests import tools
from tests.browsers import chromium
from tests.structure.test_policy import counted
from tests.tools import pytest_collection_modifyitems, pytest_runtest_makereport

pytest_plugins = ["tests.fixtures"]
__all__ = [
    "chromium",
    "pytest_collection_modifyitems",
    "pytest_runtest_makereport",
    "pytest_terminal_summary",
]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    tools.pytest_terminal_summary(terminalreporter)
    terminalreporter.line(counted())


@pytest.fixture(autouse=True)
def plain_static_files(settings) -> None:
    """Pages are drawn without collectstatic; a process of its own is given MALPAS_DEMO=1 for the same."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
