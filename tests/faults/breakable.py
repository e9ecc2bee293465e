"""A running school whose processes, servers and connections can be killed, frozen and cut."""

import os
import random
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

from malpas.dev.folders import ROOT
from malpas.dev.processes import ENTRYPOINT, _signal_group
from malpas.dev.servers.waiting import wait_for
from tests.journeys.school import RunningSchool, eventually


class BreakableSchool(RunningSchool):
    """`points` is the folder of the failpoints that are armed; see malpas/lib/failpoints.py."""

    def __init__(self, state: Path) -> None:
        super().__init__(state)
        self.state = state
        self.points = state / "failpoints"
        self.points.mkdir()
        self.redis = redis.Redis(unix_socket_path=str(self.servers.valkey.socket), socket_timeout=5)

    def start_up(self, *names: str, **extra: dict[str, str]) -> None:
        """Starts what does not run, and waits for it. `extra`: more variables for one process by its name."""
        self.portal.extra = extra
        for name in names:
            if name in self.portal.processes and self.portal.processes[name].poll() is not None:
                self.portal.processes.pop(name).wait()
        missing = [name for name in names if name not in self.portal.processes]
        if "beat" in missing:
            for schedule in self.state.glob("beat-schedule*"):
                schedule.unlink()  # beat, too, has no memory of a last run
        if "worker" in missing:
            # What a dead worker held comes back after ten minutes; nothing may depend on that.
            self.redis.delete("unacked", "unacked_index", "portal")
        log = self.portal.log("worker")
        since = log.stat().st_size if log.exists() else 0
        self.portal.start(missing)
        if "web" in missing:
            self.portal.wait_until_healthy()
        if "worker" in missing:
            self._wait_for_worker(since)

    def _wait_for_worker(self, since: int) -> None:
        log = self.portal.log("worker")
        assert wait_for(lambda: b" ready." in log.read_bytes()[since:], 60), log.read_text()[-2000:]

    def _is_idle(self) -> bool:
        return not self.redis.llen("portal") and not self.redis.hlen("unacked")

    def end(self, name: str) -> None:
        child = self.portal.processes.pop(name)
        _signal_group(child.pid, signal.SIGKILL)
        child.wait()

    def arm(self, point: str, action: str) -> None:
        half = self.points / f"{point}.new"
        half.write_text(action)
        half.rename(self.points / point)

    @contextmanager
    def paused(self, point: str) -> Iterator[None]:
        """Inside, a process stands still at this point; afterwards it goes on."""
        mark = self.points / f"{point}.held"
        eventually(mark.exists)
        try:
            yield
        finally:
            mark.unlink(missing_ok=True)

    @contextmanager
    def frozen(self, pid: int) -> Iterator[None]:
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def restart_postgres(self) -> None:
        """As `pg_ctl restart -m immediate`: nothing is put in order."""
        postgres = self.servers.postgres
        os.kill(postgres.pid(), signal.SIGQUIT)
        assert wait_for(postgres.gone, 20)
        postgres.process = None
        postgres.start()

    def cut_connections(self) -> None:
        self.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")

    @contextmanager
    def no_redis(self) -> Iterator[None]:
        self.servers.valkey.stop()
        try:
            yield
        finally:
            self.servers.valkey.start()

    @contextmanager
    def second_beat(self) -> Iterator[None]:
        env = self.portal.environment | {"BEAT_SCHEDULE": str(self.points / "second-schedule")}
        with self.portal.log("beat").with_name("beat2.log").open("ab") as log:
            beat = subprocess.Popen([str(ENTRYPOINT), "beat"], cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            yield
        finally:
            beat.kill()
            beat.wait()

    def kill_at_random(self, dice: random.Random) -> int:
        """Kills beat, a worker or one of its children, starting what was killed before; how many may have had mail."""
        self.start_up("beat")
        worker = self.portal.processes.get("worker")
        if worker is None or worker.poll() is not None:
            self.start_up("worker")
            return 0
        who = dice.choice(["beat", "worker", "child", "child"])
        if who != "child":
            self.end(who)
            return who == "worker" and 2
        children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()
        os.kill(int(dice.choice(children)), signal.SIGKILL)
        return 1
