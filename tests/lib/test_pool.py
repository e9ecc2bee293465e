import time

import psycopg
from django.db import connection, connections
from psycopg_pool import ConnectionPool

from malpas.lib.pool import check_connection


def test_when_every_connection_was_cut_the_next_one_does_not_wait(django_db_setup, monkeypatch):
    made = {
        name: value for name, value in connection.get_connection_params().items() if name != "cursor_factory"
    }
    with (
        ConnectionPool(kwargs=made, min_size=1, max_size=8, timeout=20, check=check_connection) as pool,
        psycopg.connect(**made, autocommit=True) as other,
    ):
        monkeypatch.setattr(type(connections["default"]), "pool", pool)
        taken = [pool.getconn() for _ in range(8)]
        pids = [each.info.backend_pid for each in taken]
        for each in taken:
            pool.putconn(each)
        other.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) pid", [pids])
        began = time.monotonic()
        with pool.connection() as fresh:
            assert fresh.execute("SELECT 1").fetchone()
        assert time.monotonic() - began < 3
