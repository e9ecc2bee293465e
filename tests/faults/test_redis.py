"""Redis may vanish, freeze, forget or be full: nobody who writes notices, and nothing is lost."""

import os
import signal
import time
from uuid import uuid4

import pytest

from tests.faults.rig import HEAVY
from tests.people import PASSWORD

pytestmark = pytest.mark.faults


def sign_in(rig) -> int:
    """The seconds of a wrong password and a right one, which both are counted."""
    wrong = rig.ask(None, "/account/login/", {"login": "nia@family.example", "password": "a wrong one"})
    right = rig.ask(None, "/account/login/", {"login": "sioned@family.example", "password": PASSWORD})
    assert (wrong.status, right.status) == (200, 302)
    return max(wrong.seconds, right.seconds)


def story(rig) -> float:
    """The class posts a story, after which the web nudges a worker; the seconds it took."""
    form = {"title": "A castle", "body": "It has a drawbridge.", "key": str(uuid4())}
    answer = rig.ask("celyn", "/news/write/", form)
    assert (answer.status, answer.place) == (302, "/news/")
    return answer.seconds


def ask_for_a_code(rig, address: str) -> float:
    """Ask for a code to sign in, which the web nudges a worker to mail; the seconds it took."""
    answer = rig.ask(None, "/account/login/code/", {"email": address})
    assert answer.status == 302
    return answer.seconds


def a_day(rig) -> list[float]:
    """How long each took: reading, writing, signing in, posting, asking for a code, reading what arrived."""
    rig.monday(30)
    took = [rig.ask("nia", page).seconds for page in ("/messages/", "/news/")]
    took += [rig.write(f"Number {number}").seconds for number in range(6)]
    took += [sign_in(rig), story(rig), ask_for_a_code(rig, "nia@family.example")]
    page = rig.ask("celyn", "/messages/")
    assert "Number 5" in page.text
    return [*took, page.seconds]


def expect_notified_without_redis(rig) -> None:
    rig.manage("sweep")
    assert (rig.unannounced(), rig.unsent()) == (0, 0)


def test_F07_without_redis_the_timer_announces(rig):
    with rig.no_redis():
        assert sorted(a_day(rig))[-2] < 3
        expect_notified_without_redis(rig)
    rig.write("Afterwards.")
    rig.wait_for_all_notified()


def test_F08_with_redis_frozen_no_request_takes_five_seconds(rig):
    rig.monday(30)
    story(rig)  # the web holds an open connection to the Redis that freezes
    with rig.frozen(rig.servers.valkey.process.pid):
        assert max(a_day(rig)) < 5
        expect_notified_without_redis(rig)
    rig.write("Afterwards.")
    rig.wait_for_all_notified()


def test_F09_redis_restarted_empty_with_work_queued_loses_nothing(rig):
    rig.many(6)
    rig.end("worker")
    rig.monday()
    rig.nudge("announce", "deliver")
    valkey = rig.servers.valkey
    os.kill(valkey.process.pid, signal.SIGKILL)
    valkey.process.wait()
    for file in valkey.data.rglob("*.aof"):
        file.unlink()
    for file in valkey.data.rglob("*.manifest"):
        file.unlink()
    valkey.start()
    assert rig.redis.dbsize() == 0
    rig.start_up("worker", "beat")
    rig.wait_for_all_notified()
    assert len(rig.letterbox.mails) == 12


def test_F10_redis_full_costs_a_nudge_and_no_request(rig):
    full = rig.redis.info("memory")["used_memory"]
    rig.redis.config_set("maxmemory", full)
    try:
        assert sorted(a_day(rig))[-2] < 3
        expect_notified_without_redis(rig)
    finally:
        rig.redis.config_set("maxmemory", 0)
    rig.write("Afterwards.")
    rig.wait_for_all_notified()


def test_F11_a_worker_still_listens_after_redis_was_killed_fifteen_times(rig):
    valkey = rig.servers.valkey
    for _turn in range(15):
        os.kill(valkey.process.pid, signal.SIGKILL)
        valkey.process.wait()
        valkey.start()
        time.sleep(1 if HEAVY else 0.2)
    rig.monday()
    rig.write()
    rig.wait_for_all_notified(40)
    assert len(rig.letterbox.mails) == 2
