"""`make bench` at its smallest. No time is asserted: only that every scenario runs and does what it measures."""

import os
import re
import subprocess
import sys
import tempfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.load import BIG_CLASS, SIZES
from malpas.dev.folders import ROOT
from messaging.models.conversations import Message

HIDDEN = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DB_POOL", "TEST_DATABASE")


def run_bench(scale: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name not in HIDDEN}
    with tempfile.TemporaryDirectory(prefix="malpas-") as state:
        return subprocess.run(
            [sys.executable, "-m", "malpas.dev.servers.command", "--", "python", "-m", "benchmarks"],
            env=env | {"MALPAS_STATE": state, "SCALE": scale},
            cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip


@pytest.mark.faults
def test_a_run_at_the_smallest_size_prints_every_scenario_and_writes_what_it_counts():
    done = run_bench("tiny")
    assert done.returncode == 0, done.stdout + done.stderr
    for scenario in [
        "send a message",
        "send, to one class",
        "award to twenty-five",
        "a child's points",
        "what a class was given",
        "the board of 25",
        "newsfeed, tenth",
        r"list of conversations \(class\), 20 of 50 ",
        r"list of conversations \(class\), 20 of 70 ",
        "open one of 50",
        "open one of 70",
        r"list of conversations \(parent\)",
        r"open one, last 20 of 60 \(parent\)",
    ]:
        assert re.search(rf"^\d {scenario}.* \d+\.\d\d ", done.stdout, re.MULTILINE), done.stdout
    assert re.search(r"^an empty view \(R0\) +\d+\.\d +B0 +\d+\.\d +\d+\.\d\d ", done.stdout, re.MULTILINE), (
        done.stdout
    )
    assert "slow telephone" in done.stdout
    messages, awards = re.findall(r"([\d,]+) messages, ([\d,]+) awards$", done.stdout, re.MULTILINE)[-1]
    assert int(messages) > 0 and int(awards) >= BIG_CLASS


def test_the_measured_class_has_fifty_families_at_every_size():
    for size in SIZES.values():
        assert size.parents - size.pupils >= BIG_CLASS


@pytest.mark.urls("benchmarks.urls")
def test_the_message_sent_by_hand_takes_as_many_questions_as_ours(people):
    nia, key = people.client(people.nia), "6f1c2a7e-0d3b-4c55-8a11-0b6f6f6f0a0{}"
    form = {"body": "Three boxes are in the bag.", "key": key.format(1)}
    nia.post(f"/messages/child/{people.mali.pk}/", form)
    conversation = Message.objects.get().conversation_id
    asked = {}
    for place, path in enumerate([f"/messages/{conversation}/", f"/bench/rn/{conversation}/"], start=2):
        with CaptureQueriesContext(connection) as questions:
            answer = nia.post(path, form | {"key": key.format(place)})
        assert answer.headers["Location"] == f"/messages/{conversation}/#newest"
        asked[path] = len(questions)
    assert Message.objects.count() == 3
    assert len(set(asked.values())) == 1, asked
