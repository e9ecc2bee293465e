"""Django's backend for Postgres, with a pool that recovers at once after the database was away.

The pool looks at each connection before it gives it out, and waits longer and longer between one that is broken and
the next: with eight of them nobody is served for half a minute. One broken means that the database went, and with
it all of them.
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
    """Raises when the connection is broken, having the pool make all of them anew."""
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.Error:
        pool.drain()
        raise
