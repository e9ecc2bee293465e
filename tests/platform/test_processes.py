import http.client
import json
import os
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from malpas.dev.folders import ROOT
from malpas.dev.processes import ENTRYPOINT, Portal, end_orphans, free_port, noted_url
from malpas.dev.servers.binaries import ServerError
from malpas.dev.servers.command import environment
from malpas.dev.servers.embedded import Servers
from malpas.dev.servers.identity import is_alive, started_at
from malpas.dev.servers.waiting import wait_for
from malpas.web.health import is_healthy


@pytest.fixture
def sleeper():
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as process:
        yield process
        process.kill()


def note(state: Path, pid: int, since: str | None) -> None:
    (state / "run.json").write_text(json.dumps({"url": "http://x", "processes": {"web": [pid, since]}}))


def test_orphans_of_a_killed_start_are_ended(tmp_path, sleeper):
    note(tmp_path, sleeper.pid, started_at(sleeper.pid))
    assert end_orphans(tmp_path) == ["web"]
    assert sleeper.wait(5) < 0


def test_a_stranger_with_an_orphans_number_is_left_alone(tmp_path, sleeper):
    note(tmp_path, sleeper.pid, "another moment")
    assert end_orphans(tmp_path) == []
    time.sleep(0.1)
    assert sleeper.poll() is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}"])
def test_an_unreadable_note_is_no_note(tmp_path, text):
    (tmp_path / "run.json").write_text(text)
    assert end_orphans(tmp_path) == []
    assert noted_url(tmp_path) == ""


def test_a_process_that_ended_has_no_moment_of_start(sleeper):
    assert is_alive(sleeper.pid)
    sleeper.kill()
    assert wait_for(lambda: not is_alive(sleeper.pid), 5)
    sleeper.wait()
    assert started_at(sleeper.pid) is None


def test_a_taken_port_gives_way_to_the_next():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) != port
        with pytest.raises(ServerError, match="Set PORT to a free one"):
            free_port(port, tries=1)


@pytest.fixture(scope="module")
def portal():
    """The real processes on servers of their own, with the database at this version."""
    with (
        tempfile.TemporaryDirectory(prefix="malpas-") as folder,
        Servers(Path(folder), fsync=False) as servers,
    ):
        state = Path(folder)
        env = environment(servers, state) | servers.environment | {"MALPAS_DEMO": "1"}
        subprocess.run([str(ENTRYPOINT), "migrate", "-v0"], env=env | servers.owner, check=True, cwd=state)
        with Portal(state, env) as portal:
            portal.start()
            portal.wait_until_healthy()
            yield portal


def health(portal: Portal, name: str) -> int:
    command = [str(ENTRYPOINT), "health", name]
    return subprocess.run(command, env=portal.environment, capture_output=True).returncode


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_each_process_says_that_it_is_well(portal, name):
    assert wait_for(lambda: health(portal, name) == 0, 30)


def test_everything_listens_on_loopback_only(portal):
    assert portal.environment["WEB_BIND"] == f"127.0.0.1:{portal.port}"
    outside = socket.gethostbyname(socket.gethostname())
    if not outside.startswith("127."):
        with socket.socket() as probe:
            assert probe.connect_ex((outside, portal.port)) != 0


def test_a_header_of_this_machine_moves_no_page(portal):
    line = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=30)
    line.request("GET", "/account/login/", headers={"SCRIPT_NAME": "/evil"})
    answer = line.getresponse()
    assert (answer.status, b"/evil" in answer.read()) == (200, False)


def test_a_killed_web_is_noticed_and_started_again(portal):
    assert portal.is_healthy()
    portal.kill("web")
    assert not portal.is_healthy()
    portal.start(["web"])
    portal.wait_until_healthy()


def test_a_process_that_ends_by_itself_is_named_with_its_log(portal):
    worker = portal.processes["worker"]
    os.kill(worker.pid, 9)
    worker.wait()
    assert portal.ended() == "worker"
    assert str(portal.log("worker")) in portal.why("worker")
    with pytest.raises(ServerError, match="The worker ended"):
        portal.wait_until_healthy()
    portal.kill("worker")
    portal.start(["worker"])


def test_a_web_that_is_not_there_is_not_well():
    assert not is_healthy(f"127.0.0.1:{free_port()}", timeout=1)


def test_the_entrypoint_is_the_one_of_the_image():
    assert (ROOT / "docker" / "entrypoint.sh") == ENTRYPOINT
    assert os.access(ENTRYPOINT, os.X_OK)
