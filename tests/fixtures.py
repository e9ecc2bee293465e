import os

import pytest
from django.conf import settings
from django.utils import translation

from accounts.queries import forget_hours
from tests.clock import Clock
from tests.counts import no_counts
from tests.people import People, make_people

__all__ = ["no_counts"]

# Two processes of one run count attempts apart.
settings.CACHES["default"]["KEY_PREFIX"] += os.environ.get("PYTEST_XDIST_WORKER", "")


@pytest.fixture(autouse=True)
def in_english() -> None:
    """A request in Welsh leaves its language to the thread: the next test begins in English again."""
    translation.activate("en")


@pytest.fixture
def clock(db) -> Clock:
    """The portal's clock, standing at Tuesday 10 November 2026, 10:00: lessons are on."""
    clock = Clock()
    clock.set("2026-11-10 10:00")
    return clock


@pytest.fixture
def people(clock) -> People:
    made = make_people()
    yield made
    forget_hours()
