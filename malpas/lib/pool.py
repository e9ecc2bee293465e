"""The web's pool of connections after the database was away.

The pool looks at each connection before it gives it out, and waits longer and longer between one that is broken and
the next: with eight of them nobody is served for half a minute. One broken means that the database went, and with
it all of them.
"""

import psycopg
from django.db import connections
from psycopg_pool import ConnectionPool


def check_connection(connection: "psycopg.Connection") -> None:
    """Raises when the connection is broken, having the pool make all of them anew."""
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.Error:
        connections["default"].pool.drain()
        raise
