"""A school whose servers live under a system clock that is moved; `school_now()` is the portal's own, `now()`."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from malpas.dev.folders import ROOT
from malpas.dev.processes import ENTRYPOINT
from malpas.dev.servers.embedded import Servers
from tests.faketime import Hand
from tests.faults.rig import FRIDAY_NIGHT, Rig
from tests.journeys.school import eventually
from tests.tools import FAKETIME

HANDED = {"SWEEP_SECONDS": "60", "PYTHONPATH": "tests/faults/handed"}


class MovedRig(Rig):
    """Postgres goes by `hand`; the web, worker and beat go by the machine's clock, or by the hand in `all_moved()`.

    What Postgres measures while it waits for a lock (its own time-outs) is not to be relied on here: libfaketime
    lets a signal that comes into a wait see the machine's time.
    """

    def make_servers(self, state: Path) -> Servers:
        servers = super().make_servers(state)
        postgres = servers.postgres
        assert postgres is not None and FAKETIME is not None
        self.hand = Hand(postgres.sockets / "clock", FAKETIME)
        moved = [f"{name}={value}" for name, value in self.hand.environment.items()]
        postgres.launcher.prefix = [*postgres.launcher.prefix, "env", *moved]
        return servers

    def prepare(self) -> "MovedRig":
        super().prepare()
        # Made by the machine's clock, whatever year that is in.
        self.sql("UPDATE django_session SET expire_date = '2030-01-01'")
        return self

    def move_clock(self, moment: datetime) -> None:
        self.hand.set(moment)

    def now(self) -> datetime:
        return self.one("SELECT now()")

    def at(self, moment: datetime) -> None:
        """It is this moment, time goes on from there, and everybody has just used the portal."""
        self.hand.set(moment)
        self._keep_signed_in(moment.isoformat())

    def step(self, seconds: float) -> None:
        """The clock is put so far forward or back, and everybody has just used the portal."""
        self.at(self.now() + timedelta(seconds=seconds))

    @contextmanager
    def all_moved(self, at: str) -> Iterator[None]:
        """Inside, the web, worker and beat live by the hand, too, from this moment on, and beat wakes often enough."""
        real = self.portal.environment
        for name in list(self.portal.processes):
            self.end(name)
        self.clock(at)
        self.portal.environment = real | self.hand.environment | HANDED
        try:
            self.start_up("web", "worker")
            self._start_watchful_beat()
            yield
        finally:
            for name in list(self.portal.processes):
                self.end(name)
            self.portal.environment = real
            self.clock(FRIDAY_NIGHT)

    def _start_watchful_beat(self) -> None:
        # It sleeps by the seconds of the machine, of which few go by while the hand turns quickly.
        for schedule in self.state.glob("beat-schedule*"):
            schedule.unlink()
        with self.portal.log("beat").open("wb") as log:
            self.portal.processes["beat"] = subprocess.Popen(
                [str(ENTRYPOINT), "beat", "--max-interval", "1"],
                cwd=ROOT, env=self.portal.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        eventually(lambda: b"beat: Starting" in self.portal.log("beat").read_bytes(), 60)
