"""Rights of the role as which web and worker come to the database, for tests that run as its owner."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from psycopg import sql
from psycopg.pq import TransactionStatus

AS_WEB = sql.SQL("SET ROLE {}").format(sql.Identifier(settings.APP_DATABASE_ROLE))


@contextmanager
def as_the_web() -> Iterator[None]:
    """Do what follows with no more rights in the database than the portal's own role has."""
    raw = connection.connection  # past Django: tests count its questions
    if raw is None or raw.closed:
        yield
        return
    raw.execute(AS_WEB)
    try:
        yield
    finally:
        if not raw.closed and raw.info.transaction_status != TransactionStatus.INERROR:
            raw.execute("RESET ROLE")
