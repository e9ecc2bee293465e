"""What may befall an arrival between the writing and the reader's notice of it."""

import random
import threading
import time
from datetime import datetime

import pytest

from tests.faults.crowd import Crowd
from tests.faults.rig import FRIDAY_NIGHT, HEAVY
from tests.journeys.school import eventually

pytestmark = pytest.mark.faults
WRONG_BY = 2 * 60 * 60


def announced(rig) -> int:
    return rig.one("SELECT count(*) FROM messaging_message WHERE announced_at IS NOT NULL")


def notices(rig) -> int:
    return rig.one("SELECT count(*) FROM accounts_notification WHERE kind = 'message'")


def entries(rig, verb: str) -> list[dict]:
    return [row[0] for row in rig.sql("SELECT detail FROM accounts_auditentry WHERE verb = %s", verb)]


def seen_by_class(rig, parent: str = "nia") -> str:
    """What the class reads in its conversation with this parent, or the answer's number where there is none."""
    found = rig.sql("SELECT id FROM messaging_conversation WHERE parent_id = %s", rig.people[parent]["id"])
    answer = rig.ask("celyn", f"/messages/{found[0][0]}/")
    return answer.text if answer.status == 200 else str(answer.status)


def test_F03_a_worker_killed_in_the_middle_of_a_release_has_released_nothing(rig):
    for number in range(3):
        rig.write(f"Number {number}")
    rig.monday()
    rig.arm("release.half", "killall")
    rig.nudge("announce")
    rig.portal.processes["worker"].wait(20)
    assert (announced(rig), notices(rig)) == (0, 0)
    assert "Number 2" in seen_by_class(rig)  # arrival needs no worker
    rig.start_up("worker")
    rig.wait_for_all_notified()
    assert (announced(rig), notices(rig)) == (3, 6)


def test_F04_workers_and_beat_killed_at_random_lose_and_double_nothing(rig):
    dice = random.Random(seed := random.randrange(10**6))
    print(f"seed {seed}")
    rig.many(3000 if HEAVY else 60)
    rig.letterbox.pause = 0 if HEAVY else 0.02
    rig.monday()
    rig.start_up("beat")
    end = time.monotonic() + (90 if HEAVY else 4)
    while rig.unannounced() or rig.unsent():
        if time.monotonic() > end:
            break
        time.sleep(dice.uniform(0.3, 1))
        rig.crashes += rig.kill_at_random(dice)
    rig.start_up("worker", "beat")
    rig.letterbox.pause = 0
    rig.monday(15)
    eventually(lambda: not rig.unannounced() and not rig.unsent(), 600 if HEAVY else 30)
    assert notices(rig) == 2 * (3000 if HEAVY else 60)


def test_F13_all_connections_cut_in_a_sweep_leave_no_lock_behind(rig):
    rig.many(6)
    rig.monday()
    rig.arm("release.claimed", "hold")
    rig.nudge("announce")
    with rig.paused("release.claimed"):
        rig.cut_connections()
    rig.wait_for_all_notified()
    assert notices(rig) == 12
    assert rig.write("The web has new connections.").status == 302


def test_F16_two_sweeps_at_the_same_moment_notify_once_and_in_order(rig):
    rig.many(700)
    rig.monday()
    rig.arm("release.claimed", "hold")
    rig.nudge("announce")
    with rig.paused("release.claimed"):
        rig.sweep("announce")
        rig.sweep("announce")
    eventually(lambda: announced(rig) >= 500)
    rig.sweep("announce")
    assert (announced(rig), notices(rig)) == (700, 1400)
    rig.sql(
        "UPDATE accounts_delivery SET state = 'cancelled', body = ''"
    )  # the mail is not what is tried here


def test_F16_five_workers_that_sweep_in_the_same_instant_notify_once_and_in_order(rig):
    rig.monday()
    rig.letterbox.pause = 0.05  # a mail is still in hand when the others look for theirs
    with Crowd(rig, 5) as crowd:
        rig.many(6)
        rig.arm("release.claimed", "hold")
        crowd.sweep_at_once("announce")
        with rig.paused("release.claimed"):
            crowd.wait_for("announce", 4)  # these find nothing to do while the fifth holds it
            assert announced(rig) == 0
        crowd.wait_for("announce", 5)
        assert sorted(crowd.answers("announce")) == [[0], [0], [0], [0], [6]]
        for turn in range(2, 12):
            rig.many(6)
            crowd.sweep_at_once("announce")
            crowd.wait_for("announce", 5 * turn)
            crowd.sweep_at_once("deliver")
            crowd.wait_for("deliver", 5 * (turn - 1))
        announcements, mailed = crowd.answers("announce"), crowd.answers("deliver")
    assert [len(each) for each in announcements] == [11] * 5 and [len(each) for each in mailed] == [10] * 5
    assert sum(map(sum, announcements)) == announced(rig) == 66
    assert sum(map(sum, mailed)) == notices(rig) == 132
    assert len(rig.letterbox.mails) == len({mail.message_id for mail in rig.letterbox.mails}) == 132
    assert sum(1 for each in mailed if sum(each)) > 1  # more than one of them had mail in hand


def test_F17_two_beats_do_everything_once(rig):
    rig.letterbox.pause = 0.3  # a mail is still in hand when the other beat asks
    rig.start_up("beat")
    with rig.second_beat():
        rig.monday()
        for number in range(4):
            assert rig.write(f"Number {number}").status == 302
            time.sleep(0.4)
        eventually(lambda: not rig.unannounced() and not rig.unsent())
        time.sleep(2.5)  # a turn of each with nothing to do
    assert notices(rig) == len(rig.letterbox.mails) == 8


def test_F18_beat_dead_from_friday_to_monday_delays_the_notice_and_says_so(rig):
    rig.clock("2026-11-13 16:30")
    rig.write("Written on Friday afternoon.")
    rig.clock(FRIDAY_NIGHT)
    rig.write("Written on Friday night.")
    rig.monday(90)
    assert "Friday afternoon" in (page := seen_by_class(rig)) and "Friday night" in page
    assert rig.health()["late"] == ["announcements", "sweep"]
    assert "going out late" in rig.ask("head", "/").text
    rig.start_up("beat")
    eventually(lambda: not rig.unannounced() and not rig.unsent())
    (entry,) = entries(rig, "arrivals.announced_late")
    assert entry["messages"] == 2 and entry["minutes"] >= 90
    assert "going out late" not in rig.ask("head", "/").text


def test_F18_a_timer_of_the_system_does_the_same_work_with_everything_else_dead(rig):
    rig.write()
    rig.end("worker")
    with rig.no_redis():
        rig.monday()
        said = rig.manage("sweep")
        assert "announce-messages: 1\n" in said and "deliver-mail: 2\n" in said
        assert len(rig.letterbox.mails) == 2
    assert entries(rig, "arrivals.announced_late") == []


def test_F19_back_when_school_has_closed_again_it_waits_for_the_opening_and_says_so(rig):
    rig.monday(8.4 * 60)
    rig.write("Written at 16:54.")
    rig.clock("2026-11-16 18:05")
    rig.sweep()
    assert (announced(rig), rig.letterbox.mails) == (1, [])
    assert set(rig.sql("SELECT release_at FROM accounts_notification")) == set(
        rig.sql("SELECT timestamptz '2026-11-17 08:30Z'")
    )
    (entry,) = entries(rig, "arrivals.announced_late")
    assert entry["held_until"].startswith("2026-11-17T08:30")
    rig.clock("2026-11-17 08:30")
    rig.sweep()
    assert len(rig.letterbox.mails) == 4  # two readers, and two leaders who hear of the delay


def sweeps_for(rig, seconds: float) -> list[float]:
    """The gaps between one sweep and the next, as this machine's own clock saw them, in seconds."""
    moments, before, end = [time.monotonic()], rig.swept("announce"), time.monotonic() + seconds
    while time.monotonic() < end:
        if (now := rig.swept("announce")) != before:
            moments, before = [*moments, time.monotonic()], now
        time.sleep(0.02)
    return [later - earlier for earlier, later in zip(moments, [*moments[1:], end], strict=True)]


def shift_to(moment: str) -> dict[str, str]:
    return rig_clock((datetime.fromisoformat(moment) - datetime.now().astimezone()).total_seconds())


def rig_clock(seconds: float) -> dict[str, str]:
    return {"PYTHONPATH": "tests/faults/shifted", "CLOCK_SHIFT": str(seconds)}


def test_F20_the_night_in_which_an_hour_is_doubled_has_no_gap_in_its_sweeps(rig):
    rig.end("worker")
    late = shift_to("2026-10-25 00:59:53+00:00")  # seven seconds before 02:00 becomes 01:00
    rig.clock("2026-10-23 20:00")
    rig.write("Written before the night.")
    rig.clock("2026-10-25 00:59")
    rig.start_up("worker", "beat", worker=late, beat=late)
    assert max(sweeps_for(rig, 9)) < 6
    assert rig.sql("SELECT release_at FROM messaging_message") == rig.sql(
        "SELECT timestamptz '2026-11-02 08:30Z'"
    )
    rig.end("worker")


def test_F23_processes_with_wrong_clocks_decide_no_arrival(rig):
    rig.end("worker")
    rig.end("web")
    rig.start_up("web", "worker", web=rig_clock(-WRONG_BY), worker=rig_clock(WRONG_BY))
    assert rig.write("Written on Friday night.").status == 302
    rig.monday(-10)
    rig.sweep()
    assert announced(rig) == 0 and "Friday night" not in seen_by_class(rig)
    rig.monday()
    rig.sweep()
    assert announced(rig) == 1 and "Friday night" in seen_by_class(rig)
    assert len(rig.letterbox.mails) == 2
    rig.end("worker")
    rig.end("web")


def test_F24_a_database_clock_stepped_back_doubles_and_loses_nothing(rig):
    rig.write("Written on Friday night.")
    rig.monday(1)
    rig.write("Written on Monday.")
    rig.sweep()
    rig.monday(-9)
    rig.sweep()
    assert rig.write("Written in the hour that comes again.").status == 302
    rig.monday(2)
    rig.sweep()
    assert (announced(rig), notices(rig), len(rig.letterbox.mails)) == (3, 6, 6)


def hidden_at(rig, point: str | None, *names: str) -> list[tuple]:
    """A leader hides a message while a worker stands at this point of its sweeps; the states of its mail."""
    rig.leader_comes()
    rig.monday(60)
    rig.write("Something unkind.")
    message = rig.one("SELECT id FROM messaging_message")
    for name in names[:-1]:
        rig.sweep(name)
    before = rig.swept(names[-1])
    rig.arm(point, "hold")
    rig.nudge(names[-1])
    with rig.paused(point):
        hiding = threading.Thread(target=rig.leader, args=["hide", message])
        hiding.start()
        hiding.join(0.5)
    hiding.join(20)
    rig.wait_for_sweep(names[-1], before)
    rig.sweep()
    assert "unkind" not in seen_by_class(rig)
    return rig.sql("SELECT state, count(*) FROM accounts_delivery GROUP BY state ORDER BY state")


def test_F34_hidden_while_it_is_released_nothing_goes_out(rig):
    assert hidden_at(rig, "release.claimed", "announce") == [("cancelled", 2)]
    assert rig.letterbox.mails == []


def test_F34_hidden_while_its_mail_is_in_hand_that_mail_does_not_go(rig):
    assert hidden_at(rig, "mail.after_claim", "announce", "deliver") == [("cancelled", 2)]
    assert rig.letterbox.mails == []


def test_F34_hidden_after_a_mail_went_the_mail_that_went_is_listed_and_no_other_goes(rig):
    assert hidden_at(rig, "mail.after_send", "announce", "deliver") == [("cancelled", 1), ("sent", 1)]
    assert len(rig.letterbox.mails) == 1


def test_the_audit_waits_for_a_mail_that_was_taken_and_is_not_marked_yet(rig):
    rig.write()
    rig.monday()
    rig.sweep("announce")
    rig.arm(point := "mail.after_send", "hold")
    rig.nudge("deliver")
    with rig.paused(point):
        rig.leader("hide", rig.one("SELECT id FROM messaging_message"))
        threading.Timer(0.5, (rig.points / f"{point}.held").unlink).start()
        rig.audit()


def test_F34_hidden_at_any_moment_of_it(rig):
    dice = random.Random(seed := random.randrange(10**6))
    print(f"seed {seed}")
    rig.monday(60)
    rig.many(turns := 200 if HEAVY else 12, due="2026-11-16 09:30")
    for (message,) in rig.sql("SELECT id FROM messaging_message ORDER BY random()"):
        rig.nudge("announce", "deliver")
        time.sleep(dice.uniform(0, 0.03))
        rig.leader("hide", message)
    rig.sweep()
    assert rig.one("SELECT count(*) FROM messaging_message WHERE hidden_at IS NOT NULL") == turns


def test_F37_a_school_day_that_is_closed_takes_what_waits_along(rig):
    for number in range(3):
        assert rig.write(f"Number {number}").status == 302
    rig.clock("2026-11-15 12:00")
    rig.leader("close", "2026-11-16")
    rig.monday()
    rig.sweep()
    assert announced(rig) == 0
    rig.clock("2026-11-17 08:30")
    rig.sweep()
    assert (announced(rig), len(rig.letterbox.mails)) == (3, 6)
    assert [entry["moved"] for entry in entries(rig, "calendar.changed")] == [3]


def test_F37_a_day_closed_while_the_sweep_holds_its_messages_neither_loses_nor_moves_them(rig):
    rig.leader_comes()
    rig.write("Written on Friday night.")
    rig.monday()
    rig.arm("release.claimed", "hold")
    rig.nudge("announce")
    with rig.paused("release.claimed"):
        closing = threading.Thread(target=rig.leader, args=["close", "2026-11-16"])
        closing.start()
        closing.join(0.5)
    closing.join(20)
    rig.sweep()  # the school is shut by now: the mail waits
    rig.monday(24 * 60)
    rig.sweep()
    assert (announced(rig), len(rig.letterbox.mails)) == (1, 2)
    assert rig.sql("SELECT release_at FROM messaging_message") == rig.sql(
        "SELECT timestamptz '2026-11-16 08:30Z'"
    )
    rig.sql("DELETE FROM accounts_closure WHERE kind = 'inset'")  # the auditor knows no calendar but today's
