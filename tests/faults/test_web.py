"""What may befall a press of Send between the finger and the database."""

import threading
from uuid import uuid4

import psycopg
import pytest

from tests.journeys.school import eventually

pytestmark = pytest.mark.faults


def stored_messages(rig) -> int:
    return rig.one("SELECT count(*) FROM messaging_message")


def at_once(number: int, request) -> list:
    """What each of so many presses at the same instant was answered."""
    line, answers = threading.Barrier(number), []

    def run() -> None:
        line.wait()
        answers.append(request())

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_F05_killed_after_the_commit_it_is_stored_and_announced(rig):
    key = str(uuid4())
    rig.arm("post.after_commit", "kill")
    assert rig.write(key=key).status == 0  # the line was cut: nobody knows
    assert stored_messages(rig) == 1
    assert rig.write(key=key).status == 302
    assert stored_messages(rig) == 1
    rig.monday()
    rig.wait_for_all_notified()
    assert len(rig.letterbox.mails) == 2


def test_F06_killed_before_the_commit_a_retry_is_stored(rig):
    key = str(uuid4())
    rig.arm("post.before_commit", "kill")
    assert rig.write(key=key).status == 0
    assert stored_messages(rig) == 0
    assert rig.write(key=key).status == 302
    assert stored_messages(rig) == 1


@pytest.mark.parametrize(("point", "stored"), [("post.before_commit", 0), ("post.after_commit", 1)])
def test_F12_postgres_restarted_while_sending_asks_to_try_again(rig, point, stored):
    key, answers = str(uuid4()), []
    rig.arm(point, "hold")
    request = threading.Thread(target=lambda: answers.append(rig.write(key=key)))
    request.start()
    with rig.paused(point):
        rig.restart_postgres()
    request.join(30)
    assert answers[0].status == 503 and "try again" in answers[0].text
    assert stored_messages(rig) == stored
    assert rig.write(key=key).status == 302
    assert stored_messages(rig) == 1
    rig.monday()
    rig.wait_for_all_notified()  # the workers recovered unaided


def test_F14_without_a_connection_left_nothing_is_half_written_and_nobody_restarts_anything(rig):
    taken, settled = fill(rig), 0
    try:
        while settled < 3:  # a place is free again a moment after whoever had it is gone from the list
            others = taken[0].execute(OTHERS, [[line.info.backend_pid for line in taken]]).fetchall()
            taken[0].execute(
                "SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) pid", [[pid for (pid,) in others]]
            )
            more = fill(rig)
            settled = 0 if others or more else settled + 1
            taken += more
        answers = at_once(4, lambda: rig.write().status)
    finally:
        for line in taken:
            line.close()
    assert len(taken) > 50
    assert set(answers) == {503}
    assert stored_messages(rig) == 0
    assert eventually(lambda: rig.write().status == 302)


OTHERS = """
    SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'
    AND pid <> ALL (%s::int[])
"""


def fill(rig) -> list[psycopg.Connection]:
    """Every connection that is left."""
    found = []
    for _turn in range(200):
        try:
            found.append(psycopg.connect(rig.dsn, autocommit=True))
        except psycopg.OperationalError:
            break
    return found


def test_F15_of_two_that_wait_for_each_other_one_is_asked_to_try_again(rig):
    answers, key = [], str(uuid4())
    with psycopg.connect(rig.dsn) as other:
        other.execute("SELECT 1 FROM accounts_school FOR UPDATE")
        request = threading.Thread(target=lambda: answers.append(rig.write(key=key)))
        request.start()
        eventually(lambda: rig.one("SELECT count(*) FROM pg_locks WHERE NOT granted"))
        # The press holds its writer and waits for the school; this one holds the school and waits for the writer.
        other.execute("SELECT 1 FROM accounts_user WHERE id = %s FOR UPDATE", [rig.people["nia"]["id"]])
        request.join(30)
        assert (answers[0].status, stored_messages(rig)) == (503, 0)
    assert rig.write(key=key).status == 302
    assert stored_messages(rig) == 1


def test_F32_twenty_requests_at_once_store_one_message(rig):
    key = str(uuid4())
    answers = at_once(20, lambda: rig.write(key=key))
    assert {(answer.status, answer.place) for answer in answers} == {(302, answers[0].place)}
    assert stored_messages(rig) == 1
    assert rig.write(key=key).place == answers[0].place  # and by the back-button, later
    assert stored_messages(rig) == 1
