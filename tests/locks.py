"""Rows that another connection holds, for tests of whoever waits for them."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic, sleep

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models.school import School


@contextmanager
def locked_rows(rows: QuerySet, seconds: float) -> Iterator[None]:
    """Lock these rows in another connection for so long from now on."""
    taken = Event()

    def hold() -> None:
        with transaction.atomic():
            list(rows.select_for_update())
            taken.set()
            Event().wait(seconds)
        connection.close()

    thread = Thread(target=hold)
    thread.start()
    taken.wait()
    try:
        yield
    finally:
        thread.join()


def wait_until_blocked(thread: Thread, seconds: float = 20) -> None:
    """Return once something waits for a lock of this connection, or the thread has ended."""
    end = monotonic() + seconds
    while thread.is_alive():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted"
                " AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
            )
            if cursor.fetchone()[0]:
                return
        assert monotonic() < end, "it neither waits nor ends"
        sleep(0.01)


def locked_school(seconds: float):
    """Lock the school's row, as a change of the calendar does."""
    return locked_rows(School.objects.filter(pk=1), seconds)
