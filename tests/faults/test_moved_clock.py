"""What may befall an arrival when the system clock itself, Postgres' `now()`, is moved."""

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.faults.moved import MovedRig
from tests.faults.rig import FRIDAY_NIGHT, HEAVY
from tests.faults.test_release import announced, notices, seen_by_class
from tests.journeys.school import eventually

pytestmark = [pytest.mark.faults, pytest.mark.moved_clock]
OPENING = datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
TEN_MINUTES = 600


@pytest.fixture(scope="session")
def moving() -> Iterator[MovedRig]:
    """One school for all of these tests in this process."""
    with tempfile.TemporaryDirectory(prefix="malpas-") as folder:
        rig = MovedRig(Path(folder))
        try:
            yield rig.prepare()
        finally:
            rig.stop()


@pytest.fixture
def rig(moving: MovedRig) -> Iterator[MovedRig]:
    """That school on Friday 13 November 2026, 20:00, with nothing written; afterwards the promises are looked at."""
    moving.fresh()
    yield moving
    moving.audit()


def first_sight(rig: MovedRig, seen: Callable[[], bool], seconds: float) -> tuple[datetime, datetime]:
    """By the server's clock: when it was last not to be seen, and when it was first to be seen.

    Each look stands between two questions for the time: one that saw nothing began at the first of the two moments or
    later, and one that saw it had ended by the second.
    """
    last_unseen, end = datetime.min.replace(tzinfo=UTC), time.monotonic() + seconds
    while True:
        before = rig.now()
        if seen():
            return last_unseen, rig.now()
        last_unseen = before
        assert time.monotonic() < end, f"not to be seen at {before}"


def ids(rig: MovedRig) -> list[str]:
    return [mail.message_id for mail in rig.letterbox.mails]


def test_the_clock_that_is_asked_is_the_portals_own_and_the_server_lives_by_the_hand(rig):
    function = "SELECT prosrc FROM pg_proc WHERE proname = 'school_now'"
    assert rig.one(function) == "SELECT now()"
    friday = datetime.fromisoformat(FRIDAY_NIGHT).replace(tzinfo=UTC)
    assert timedelta() <= rig.now() - friday < timedelta(minutes=5)
    rig.step(-TEN_MINUTES)
    assert timedelta(minutes=-10) <= rig.now() - friday < timedelta(minutes=-5)


def test_F24_a_message_arrives_at_the_opening_by_the_servers_own_clock(rig):
    assert rig.write("Written on Friday night.").status == 302
    rig.at(OPENING - timedelta(minutes=1))
    rig.sweep()
    assert (announced(rig), rig.letterbox.mails) == (0, [])
    rig.at(beginning := OPENING - timedelta(seconds=4))
    unseen, seen = first_sight(rig, lambda: "Friday night" in seen_by_class(rig), 40)
    assert beginning <= unseen < OPENING <= seen
    rig.sweep()
    assert (announced(rig), notices(rig), len(rig.letterbox.mails)) == (1, 2, 2)


def test_F24_the_servers_clock_stepped_back_after_an_arrival_doubles_and_loses_nothing(rig):
    rig.write("Written on Friday night.")
    rig.at(OPENING + timedelta(minutes=1))
    rig.write("Written on Monday.")
    rig.sweep()
    assert (announced(rig), notices(rig), len(rig.letterbox.mails)) == (2, 4, 4)

    rig.step(-TEN_MINUTES)
    assert rig.now() < OPENING
    assert "Friday night" not in seen_by_class(rig)  # away for as long
    assert rig.write("Written in the minutes that come again.").status == 302
    rig.sweep()
    assert (announced(rig), notices(rig), len(rig.letterbox.mails)) == (2, 4, 4)

    rig.step(TEN_MINUTES)
    rig.sweep()
    page = seen_by_class(rig)
    assert "Friday night" in page and "on Monday" in page and "come again" in page
    assert (announced(rig), notices(rig)) == (3, 6)
    assert len(ids(rig)) == len(set(ids(rig))) == 6


@pytest.mark.parametrize("point", ["release.claimed", "release.half"])
def test_F24_stepped_back_in_a_sweep_it_announces_once(rig, point):
    rig.write("Written on Friday night.")
    rig.at(OPENING + timedelta(minutes=1))
    rig.arm(point, "hold")
    before = rig.swept("announce")
    rig.nudge("announce")
    with rig.paused(point):
        rig.step(-TEN_MINUTES)
    rig.wait_for_sweep("announce", before)
    rig.sweep()
    rig.step(TEN_MINUTES)
    rig.wait_for_all_notified()
    assert "Friday night" in seen_by_class(rig)
    assert (announced(rig), notices(rig)) == (1, 2)
    assert len(ids(rig)) == len(set(ids(rig))) == 2


def test_F24_stepped_back_while_a_dead_worker_held_a_mail_it_goes_when_its_lease_ends(rig):
    rig.write("Written on Friday night.")
    rig.at(OPENING + timedelta(minutes=1))
    rig.sweep("announce")
    rig.arm("mail.after_claim", "killall")
    rig.nudge("deliver")
    rig.portal.processes["worker"].wait(20)
    rig.start_up("worker")

    rig.step(-TEN_MINUTES)
    rig.sweep("deliver")
    rig.step(TEN_MINUTES)
    rig.sweep("deliver")
    assert (
        len(ids(rig)) == 1
    )  # the other is under a lease, which ends when the time comes that it was given for
    rig.step(180)
    rig.sweep("deliver")
    assert len(ids(rig)) == len(set(ids(rig))) == 2


NIGHT_ENDS = "2026-10-25 02:05:00+00:00" if HEAVY else "2026-10-25 01:05:00+00:00"
AFTER_HALF_TERM = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
SPEED = 20
TWO_MINUTES = timedelta(minutes=2)


def sweeps_until(rig: MovedRig, moment: datetime) -> list[datetime]:
    """When each sweep was done, by the server's clock, from now until that moment; with these two at the ends."""
    moments = [rig.now()]
    while (now := rig.now()) < moment:
        done = rig.sql("SELECT done_at FROM accounts_sweep WHERE name = 'announce-messages'")
        moments += [at for (at,) in done if at > moments[-1]]
        time.sleep(0.02)
    return [*moments, now]


def widest_gap(moments: list[datetime]) -> timedelta:
    return max(later - earlier for earlier, later in pairwise(moments))


def test_F20_the_whole_portal_lives_through_the_doubled_hour_without_a_gap(rig):
    rig.clock("2026-10-23 20:00")
    rig.write("Written before the night.")
    with rig.all_moved("2026-10-25 01:57"):  # the first of the two: it is 00:57 in UTC
        with rig.hand.turning(SPEED):
            night = sweeps_until(rig, datetime.fromisoformat(NIGHT_ENDS))
        assert night[0] < datetime(2026, 10, 25, 1, tzinfo=UTC) < night[-1]
        assert widest_gap(night) <= TWO_MINUTES
        rig.step(0)  # the parent's lock has had its ten minutes
        assert rig.write("Written when the hour came again.").status == 302
        assert rig.sql("SELECT DISTINCT release_at FROM messaging_message") == [(AFTER_HALF_TERM,)]
        assert (announced(rig), rig.letterbox.mails) == (0, [])

        rig.clock("2026-11-02 08:29:56")
        unseen, seen = first_sight(rig, lambda: "before the night" in seen_by_class(rig), 40)
        assert AFTER_HALF_TERM - timedelta(seconds=4) <= unseen < AFTER_HALF_TERM <= seen
        with rig.hand.turning(SPEED):
            eventually(lambda: not rig.unannounced(), 30)
        (moment,) = rig.sql("SELECT DISTINCT announced_at FROM messaging_message")
        assert AFTER_HALF_TERM <= moment[0] <= AFTER_HALF_TERM + TWO_MINUTES
        eventually(lambda: not rig.unsent(), 60)
    assert len(ids(rig)) == len(set(ids(rig))) == 4
