"""Extend Django's Postgres backend by a pool that recovers at once after an outage.

The pool checks each connection before it lends it, and backs off longer after each broken one: with eight broken
connections no request is served for half a minute. One broken connection means that the database restarted and that all
are broken, so all are replaced.
"""

import psycopg
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    @property
    def pool(self) -> ConnectionPool | None:
        pool = super().pool
        if pool and pool._check is ConnectionPool.check_connection:
            pool._check = lambda connection: check_connection(pool, connection)
        return pool


def check_connection(pool: ConnectionPool, connection: psycopg.Connection) -> None:
    """Raise when the connection is broken, after the pool has replaced all of them."""
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.Error:
        pool.drain()
        raise
