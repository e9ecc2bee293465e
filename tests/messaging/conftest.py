from collections.abc import Iterator

import pytest

from tests.clock import Clock
from tests.messaging.school_time import QUIET
from tests.people import People, make_people


@pytest.fixture
def friday_evening(transactional_db) -> Iterator[People]:
    """Make a school on Friday evening, committed for several connections.

    The clock goes on afterwards.
    """
    clock = Clock()
    clock.set(QUIET)
    made = make_people()
    made.clock = clock
    yield made
    clock.real()


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT, settings.MEDIA_KEEP_FREE = tmp_path, 0
    return tmp_path
