"""Letters that a worker makes, when workers die or come twice: made by the next sweep, and never doubled codes."""

import pytest

from tests.journeys.school import eventually

pytestmark = [pytest.mark.faults, pytest.mark.policy("PA-1")]
LATER = "2026-11-13 20:05"


@pytest.fixture
def requested(rig) -> int:
    """A set of letters that a leader has asked for, as the page stores it."""
    rig.sql("TRUNCATE classes_letterset, classes_invitation")
    return rig.sql(
        "INSERT INTO classes_letterset (key, requested_by_id, name, guardianships, by_hand, state, invitations)"
        " VALUES (gen_random_uuid(), %s, 'school', %s, false, 'requested', '{}') RETURNING id",
        rig.people["deputy"]["id"],
        [rig.people["invited"]["guardianship"]],
    )[0][0]


def state(rig) -> tuple:
    return rig.sql("SELECT state, attempts FROM classes_letterset")[0]


def codes(rig) -> int:
    return rig.one("SELECT count(*) FROM classes_invitation")


@pytest.mark.parametrize("point", ["letters.claimed", "letters.issued"])
def test_letters_whose_worker_is_killed_are_made_by_the_next_sweep(rig, requested, point):
    rig.arm(point, "kill")
    rig.nudge("letters")
    eventually(lambda: not (rig.points / point).exists())
    rig.sweep("letters")  # the lease holds, and another worker looks
    assert state(rig) == ("requested", 1) and codes(rig) == 0
    rig.clock(LATER)
    rig.sweep("letters")
    eventually(
        lambda: state(rig) == ("ready", 2)
    )  # the killed task comes again, and may end first with nothing
    assert codes(rig) == 1


def test_two_workers_at_once_make_letters_once(rig, requested):
    rig.arm("letters.issued", "hold")
    rig.nudge("letters")
    with rig.paused("letters.issued"):
        rig.clock(LATER)  # the lease is over, and the first worker still at it
        rig.sweep("letters")
        assert state(rig) == ("requested", 1)
    eventually(lambda: state(rig) == ("ready", 1))
    rig.sweep("letters")
    assert codes(rig) == 1
