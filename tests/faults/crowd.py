"""Several workers that begin at the same moment."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from malpas.dev.folders import ROOT
from malpas.dev.processes import ENTRYPOINT
from malpas.dev.servers.waiting import wait_for
from tests.faults.rig import SWEEPS, Rig

DONE = re.compile(r"Task ([\w.]+)\[[\w-]+\] succeeded in [\d.]+s: (\d+)")


class Crowd:
    """So many workers of one child each, beside no other; `answers` says what each of their sweeps found to do."""

    def __init__(self, rig: Rig, number: int) -> None:
        self.rig = rig
        self.logs = [rig.portal.log(f"worker-{turn}") for turn in range(number)]
        self.workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Crowd":
        self.rig.end("worker")
        self.rig.redis.delete("unacked", "unacked_index", "portal")
        for log in self.logs:
            own = {"WORKER_NAME": f"{log.stem}@%h", "WORKER_CONCURRENCY": "1"}
            with log.open("wb") as file:
                command = [str(ENTRYPOINT), "worker"]
                env = self.rig.portal.environment | own
                self.workers.append(
                    subprocess.Popen(
                        command, cwd=ROOT, env=env, stdout=file, stderr=file, start_new_session=True
                    )
                )
        assert wait_for(lambda: all(b" ready." in log.read_bytes() for log in self.logs), 120)
        return self

    def __exit__(self, *_error: object) -> None:
        for worker in self.workers:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        self.rig.start_up("worker")

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Inside, all of them stand still; then they go on in the same instant, each with what was put on the queue."""
        self._signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(signal.SIGCONT)

    def sweep_at_once(self, name: str) -> None:
        """Each of them has one such sweep to do, and all begin together; waits for none of these.

        Valkey gives each listener one. A worker that was stopped before it listened again would find the rest, or
        leave it to a quicker one.
        """
        given = False
        while not given:
            assert wait_for(self._all_listen, 20)
            with self.stopped():
                if given := self._all_listen():
                    self.rig.nudge(*[name] * len(self.workers))

    def answers(self, name: str) -> list[list[int]]:
        """For each worker what its sweeps of this name answered, one after the other."""
        task = SWEEPS[name][0]
        found = [DONE.findall(log.read_text()) for log in self.logs]
        return [[int(number) for done, number in each if done == task] for each in found]

    def wait_for(self, name: str, number: int) -> None:
        """Returns when so many sweeps of this name were done altogether."""
        assert wait_for(lambda: sum(map(len, self.answers(name))) >= number, 60), self.answers(name)

    def _all_listen(self) -> bool:
        return self.rig.redis.info("clients")["blocked_clients"] == len(self.workers)

    def _signal(self, number: int) -> None:
        for worker in self.workers:
            os.killpg(worker.pid, number)
