import time
from types import SimpleNamespace

import pytest

from malpas.lib import outage
from malpas.lib.cache import FallbackRedisCache
from malpas.lib.outage import outage_of


@pytest.fixture(autouse=True)
def asked_again():
    yield
    outage.end_outages()


def test_the_databases_of_one_server_share_its_outage():
    assert outage_of("redis://:x@one:6379/0") is outage_of("redis://:x@one:6379/2")
    assert outage_of("unix:///one.sock?db=2") is outage_of("redis+socket:///one.sock?virtual_host=0")
    assert outage_of("redis://one") is not outage_of("redis://two")


def test_an_outage_ends_by_itself(monkeypatch):
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(outage, "time", SimpleNamespace(monotonic=lambda: clock.now))
    found = outage_of("redis://three")
    assert not found.lasts
    found.begin()
    assert found.lasts
    clock.now += outage.SECONDS
    assert not found.lasts


def test_a_server_that_does_not_answer_is_asked_once(monkeypatch):
    dead = FallbackRedisCache("unix:///nowhere/else.sock?db=2", {})
    asked = []
    monkeypatch.setattr(dead.outage, "begin", lambda: asked.append(time.monotonic()))
    dead.get("x"), dead.get("x")
    assert len(asked) == 2
    monkeypatch.undo()
    dead.get("x")
    assert dead.outage.lasts
    monkeypatch.setattr(dead.outage, "begin", lambda: pytest.fail("it was asked again"))
    assert dead.get("x", "from memory") == "from memory"
