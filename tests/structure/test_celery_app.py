"""Every process that loads Django publishes to the configured broker, from each of its threads."""

import os
import re
import subprocess
import sys

import pytest

from malpas.dev.folders import ROOT
from tests.roles import web_url

# What the entrypoint starts → how that begins.
BEGINNINGS = {
    "gunicorn malpas.wsgi": "import malpas.wsgi",
    "celery -A malpas.celery": "import malpas.celery; malpas.celery.app.loader.import_default_modules()",
    "python manage.py": "import django; django.setup()",
}
LOOK = """
import threading
from accounts.tasks import deliver

def look():
    with deliver.app.connection_for_write() as connection:
        print(deliver.app.main, connection.as_uri())

look()
thread = threading.Thread(target=look)
thread.start()
thread.join()
"""


def test_every_start_of_the_entrypoint_is_looked_at():
    starts = re.findall(r"exec ((?:gunicorn|celery|python manage)\S*(?: -A)?(?: malpas\S+)?)", entrypoint())
    assert set(starts) == set(BEGINNINGS)


def entrypoint() -> str:
    return (ROOT / "docker" / "entrypoint.sh").read_text()


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_a_process_publishes_to_the_configured_broker(beginning):
    given = {"DJANGO_SETTINGS_MODULE": "malpas.settings", "DATABASE_URL": web_url()}
    given |= {"REDIS_URL": "redis://broker.example:6390"}
    command = [sys.executable, "-c", beginning + LOOK]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | given, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.splitlines() == ["malpas redis://:**@broker.example:6390/0"] * 2, done.stderr


def test_a_process_without_the_app_would_be_found():
    alone = [sys.executable, "-c", "from celery import current_app; print(current_app.main)"]
    assert subprocess.run(alone, capture_output=True, text=True, timeout=60).stdout == "default\n"
