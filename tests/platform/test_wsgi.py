"""What is loaded before the web's processes are forked off: all code, and nothing that two may not share."""

import json
import os
import subprocess
import sys

import pytest

from tests.roles import web_url

LOADED = """
import gc, json, threading
import malpas.wsgi, sys
from django.core.cache import caches
from django.db import connection
print(json.dumps({
    "threads": threading.active_count(),
    "connected": connection.connection is not None or bool(connection._connection_pools),
    "caches": len(caches.all(initialized_only=True)),
    "code": "messaging.office.views.queue" in sys.modules,
    "pdf": "fpdf" in sys.modules or "fontTools" in sys.modules,
    "frozen": gc.get_freeze_count(),
}))
"""


@pytest.fixture(scope="module")
def loaded():
    given = {"DJANGO_SETTINGS_MODULE": "malpas.settings", "DB_POOL": "1", "DATABASE_URL": web_url()}
    environment = dict(os.environ) | given
    child = subprocess.run(
        [sys.executable, "-c", LOADED],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(child.stdout)


def test_nothing_is_open_that_two_processes_may_not_share(loaded):
    assert (loaded["threads"], loaded["connected"], loaded["caches"]) == (1, False, 0)


def test_all_code_is_there_and_no_collector_writes_on_it(loaded):
    assert loaded["code"] and loaded["frozen"] > 50_000


def test_what_draws_pdfs_is_not_there(loaded):
    """It takes a third of a second of every process that starts, and only letters, cards and posters need it."""
    assert not loaded["pdf"]
