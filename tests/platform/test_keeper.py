"""A dead server of `make run` is named and started anew; one that dies again and again ends the run."""

import os
import signal
import tempfile
from pathlib import Path

import pytest

from malpas.dev.servers.binaries import ServerError
from malpas.dev.servers.embedded import Servers
from malpas.dev.servers.keeper import STARTS, Keeper


@pytest.fixture
def servers():
    with (
        tempfile.TemporaryDirectory(prefix="malpas-") as folder,
        Servers(Path(folder), fsync=False) as servers,
    ):
        yield servers


def kill(server) -> None:
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()


def test_dead_servers_are_named_and_started_again(servers):
    said: list[str] = []
    keeper = Keeper(servers, said.append)
    keeper.look()
    assert said == []
    for server in (servers.postgres, servers.valkey):
        kill(server)
    keeper.look()
    assert servers.postgres.answers() and servers.valkey.answers()
    assert [line.split(" ", 1)[0] for line in said] == ["Postgres"] * 2 + ["Valkey"] * 2
    assert str(servers.postgres.log) in said[0] and str(servers.valkey.log) in said[2]


def test_a_server_that_dies_again_and_again_is_given_up(servers):
    keeper = Keeper(servers, lambda sentence: None)
    for _turn in range(STARTS):
        kill(servers.valkey)
        keeper.look()
        assert servers.valkey.answers()
    kill(servers.valkey)
    with pytest.raises(ServerError, match=r"Valkey ended 6 times in ten minutes\. Its log is .*valkey\.log"):
        keeper.look()


def test_a_server_that_only_stands_still_is_left_alone(servers):
    os.kill(servers.valkey.process.pid, signal.SIGSTOP)
    Keeper(servers, pytest.fail).look()
    os.kill(servers.valkey.process.pid, signal.SIGCONT)


def test_a_server_that_was_taken_over_is_missed_too(servers):
    again = Servers(servers.postgres.log.parent).start()
    said: list[str] = []
    keeper = Keeper(again, said.append)
    keeper.look()
    assert said == []
    for server in (servers.postgres, servers.valkey):
        kill(server)
    keeper.look()
    assert len(said) == 4 and again.postgres.answers() and again.valkey.answers()
    again.stop()
