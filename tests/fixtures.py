import os
import string
from itertools import count
from secrets import token_hex

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.middleware import csrf
from django.test.client import ClientHandler
from django.utils import translation

from accounts.calendar.hours import forget_hours
from malpas.lib.db.append_only import RULES
from tests.again import BEGINNING, StoredPeople, keep
from tests.clock import Clock
from tests.counts import count_under, no_counts
from tests.people import People
from tests.rights import as_the_web

__all__ = ["no_counts"]

# Two processes of one run count attempts apart, and two runs: the server keeps its counts on the disk.
PREFIX = (
    f"{settings.CACHES['default']['KEY_PREFIX']}{os.environ.get('PYTEST_XDIST_WORKER', '')}-{token_hex(4)}"
)
settings.CACHES["default"]["KEY_PREFIX"] = PREFIX
settings.DECODER_SLOTS = settings.DECODER_SLOTS.with_name(
    f"{settings.DECODER_SLOTS.name}-{os.environ.get('PYTEST_XDIST_WORKER', 'gw')}-{os.getpid()}"
)
# A token of 64 letters would contain "Efa" in one of four thousand pages, and tests look for names in whole pages.
csrf.CSRF_ALLOWED_CHARS = string.ascii_lowercase + string.digits
turns = count()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix) -> None:
    """The database of each process is a copy of the migrated one that `make test` puts there, and is migrated on from it.

    A whole test is one transaction: on a busy machine it may compute for longer than a request may be idle in one.
    """
    settings.DATABASES["default"]["TEST"]["TEMPLATE"] = os.environ.get("TEST_TEMPLATE")
    settings.DATABASES["default"]["OPTIONS"]["options"] += " -c idle_in_transaction_session_timeout=0"


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """`make test` throws the whole server away: nobody waits for its own vacuum to leave a database and drops it."""
    return django_db_keepdb or "TEST_TEMPLATE" in os.environ


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> None:
    """A test with transactions of its own ends by emptying every table, which append-only ones refuse."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for model in RULES:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER never_emptied")


@pytest.fixture(autouse=True)
def in_english() -> None:
    """A request in Welsh leaves its language to the thread: the next test begins in English again."""
    translation.activate("en")


@pytest.fixture(autouse=True)
def pages_as_the_web(monkeypatch) -> None:
    """Every page that a test asks for has the rights of the portal's own role, not those of the owner."""
    answer = ClientHandler.__call__

    def as_web(self: ClientHandler, environ: dict) -> HttpResponse:
        with as_the_web():
            return answer(self, environ)

    monkeypatch.setattr(ClientHandler, "__call__", as_web)


@pytest.fixture
def clock(db) -> Clock:
    """The portal's clock, standing at Tuesday 10 November 2026, 10:00: lessons are on."""
    clock = Clock()
    clock.set(BEGINNING)
    return clock


@pytest.fixture(scope="session")
def stored_people(django_db_setup, django_db_blocker) -> StoredPeople:
    with django_db_blocker.unblock():
        return keep()


@pytest.fixture
def people(stored_people, clock) -> People:
    count_under(f"{PREFIX}-{next(turns)}")  # the same people with the same numbers were there before
    made = stored_people.put()
    yield made
    forget_hours()
