import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.rig import Rig


@pytest.fixture(scope="session")
def running() -> Iterator[Rig]:
    """One school for all of these tests in this process: they break it, and put it right again."""
    with tempfile.TemporaryDirectory(prefix="malpas-") as folder:
        rig = Rig(Path(folder))
        try:
            yield rig.prepare()
        finally:
            rig.stop()


@pytest.fixture
def rig(running: Rig) -> Iterator[Rig]:
    """That school on Friday 13 November 2026, 20:00, with nothing written; afterwards the promises are looked at."""
    running.fresh()
    yield running
    running.audit()
