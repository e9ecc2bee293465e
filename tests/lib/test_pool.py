import time
from copy import deepcopy

import pytest
from django.db import connection, connections

from malpas.lib.db.postgres.base import DatabaseWrapper


@pytest.fixture
def pooled(db):
    """Yield a connection of Django with the portal's pool, to the test database."""
    settings = deepcopy(connection.settings_dict)
    settings["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 20}
    wrapper = DatabaseWrapper(settings, alias="pooled")
    wrapper.pool.open()
    yield wrapper
    wrapper.close_pool()


def test_the_portal_uses_this_backend(settings):
    assert isinstance(connections["default"], DatabaseWrapper)
    assert settings.DATABASES["default"]["CONN_HEALTH_CHECKS"] is True


def test_the_next_request_after_an_outage_does_not_wait(pooled):
    taken = [pooled.pool.getconn() for _ in range(8)]
    pids = [each.info.backend_pid for each in taken]
    for each in taken:
        pooled.pool.putconn(each)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) pid", [pids])
    began = time.monotonic()
    with pooled.pool.connection() as fresh:
        assert fresh.execute("SELECT 1").fetchone()
    assert time.monotonic() - began < 3
