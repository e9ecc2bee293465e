"""Rights of the role as which web and worker come to the database, for tests that run as its owner.

A connection changes its role only when a statement of the other kind comes: a test that asks for page after page
would otherwise change it twice for each. Which role it has is read from what the server reports of itself, so that it is
right after a rollback and on a new connection, too.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import ExecStatus, TransactionStatus

REPORTED = b"application_name"  # the server reports its changes, and a rollback takes back both
AS_WEB = f'SET ROLE "{settings.APP_DATABASE_ROLE}"; SET application_name = "web"'.encode()
AS_OWNER = b"RESET ROLE; RESET application_name"


@contextmanager
def as_the_web() -> Iterator[None]:
    """Do what follows with no more rights in the database than the portal's own role has."""
    if with_right_role not in connection.execute_wrappers:
        connection.execute_wrappers.append(with_right_role)
    before, connection.is_web = getattr(connection, "is_web", False), True
    try:
        yield
    finally:
        connection.is_web = before


def with_right_role(execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
    """Change the role of the connection if need be, past Django: tests count its statements. Then do the statement."""
    change_role(context["connection"])
    return execute(sql, params, many, context)


def change_role(wrapper: BaseDatabaseWrapper) -> None:
    pgconn = wrapper.connection.pgconn
    is_web = pgconn.parameter_status(REPORTED) == b"web"
    if is_web == wrapper.is_web or pgconn.transaction_status == TransactionStatus.INERROR:
        return
    done = pgconn.exec_(AS_WEB if wrapper.is_web else AS_OWNER)
    assert done.status == ExecStatus.COMMAND_OK, done.error_message
