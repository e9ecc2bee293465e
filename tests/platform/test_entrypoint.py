import os
import subprocess
import sys
from pathlib import Path

import pytest

from malpas.dev.folders import ROOT

ENTRYPOINT = ROOT / "docker" / "entrypoint.sh"
SHOWN = ("SECRET_KEY", "PGPASSWORD", "REDIS_URL", "DB_POOL", "EMAIL_URL")


@pytest.fixture
def programs(tmp_path):
    """gunicorn and celery as scripts that show how they were started."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("gunicorn", "celery"):
        path = folder / name
        path.write_text('#!/bin/sh\necho "$(basename "$0") $*"\nenv\n')
        path.chmod(0o755)
    return folder


@pytest.fixture
def enter(programs, tmp_path):
    def enter(*verb: str, **variables: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join([str(programs), str(Path(sys.prefix) / "bin"), os.defpath])
        command = [str(ENTRYPOINT), *verb]
        return subprocess.run(
            command, env={"PATH": path, **variables}, capture_output=True, text=True, cwd=tmp_path
        )

    return enter


def shown(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    assert done.returncode == 0, done.stderr
    pairs = (line.partition("=") for line in done.stdout.splitlines())
    return {name: value for name, _, value in pairs if name in SHOWN}


def test_web_is_gunicorn_with_threads_and_a_pool(enter):
    done = enter("web")
    assert done.stdout.startswith(
        "gunicorn malpas.wsgi --preload --worker-class malpas.web.worker.PortalWorker"
    )
    assert shown(done)["DB_POOL"] == "1"


@pytest.mark.parametrize("verb", ["worker", "beat"])
def test_worker_and_beat_are_celery_without_a_pool(enter, verb):
    done = enter(verb)
    assert done.stdout.startswith(f"celery -A malpas.celery {verb}")
    assert "DB_POOL" not in shown(done)


def test_secrets_come_from_files(enter, tmp_path):
    for name in ("key", "password"):
        (tmp_path / name).write_text(f"the {name}\n")
    files = {"SECRET_KEY_FILE": str(tmp_path / "key"), "DATABASE_PASSWORD_FILE": str(tmp_path / "password")}
    found = shown(enter("web", **files))
    assert (found["SECRET_KEY"], found["PGPASSWORD"]) == ("the key", "the password")


def test_a_secret_in_the_environment_goes_before_its_file(enter, tmp_path):
    (tmp_path / "key").write_text("from the file")
    found = shown(enter("web", SECRET_KEY="given", SECRET_KEY_FILE=str(tmp_path / "key")))
    assert found["SECRET_KEY"] == "given"


def test_a_password_of_redis_may_hold_anything(enter):
    found = shown(enter("worker", REDIS_PASSWORD="a/b@c:%", REDIS_HOST="cache"))
    assert found["REDIS_URL"] == "redis://:a%2Fb%40c%3A%25@cache:6379"


def test_a_redis_without_a_password_is_not_made_up(enter):
    assert "REDIS_URL" not in shown(enter("worker"))


@pytest.mark.parametrize("text", [None, ""])
def test_a_missing_or_empty_secret_stops_the_start(enter, tmp_path, text):
    if text is not None:
        (tmp_path / "key").write_text(text)
    done = enter("web", SECRET_KEY_FILE=str(tmp_path / "key"))
    assert done.returncode == 64
    assert "SECRET_KEY_FILE names" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("words", [[], ["dance"], ["health"], ["health", "dance"]])
def test_an_unknown_verb_is_answered_with_the_known_ones(enter, words):
    done = enter(*words)
    assert done.returncode == 64
    assert "web" in done.stderr


def test_beat_is_healthy_while_it_writes_its_schedule(enter, tmp_path):
    schedule = tmp_path / "beat-schedule"
    assert enter("health", "beat", BEAT_SCHEDULE=str(schedule)).returncode == 1
    (tmp_path / "beat-schedule.db").touch()
    assert enter("health", "beat", BEAT_SCHEDULE=str(schedule)).returncode == 0
    os.utime(tmp_path / "beat-schedule.db", (0, 0))
    assert enter("health", "beat", BEAT_SCHEDULE=str(schedule)).returncode == 1
