"""Test two decisions at once: one result, never half of one.

Policy: PA-9, F35.
"""

from collections.abc import Callable, Iterator
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection, transaction

from malpas.lib.errors import RuleViolation
from messaging.conversations.services.send import send_message
from messaging.models.conversations import Message
from moderation.models import Decision
from tests.clock import Clock
from tests.locks import wait_until_blocked
from tests.moderation import scene
from tests.people import make_people


@pytest.fixture
def evening(transactional_db) -> Iterator:
    """Commit a school on a Tuesday at 20:00; restore the clock afterwards."""
    clock = Clock()
    clock.set("2026-11-10 20:00")
    yield make_people()
    clock.real()


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run all acts at once; return results and refusals."""
    answers, barrier = [], Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            answers.append(act())
        except RuleViolation as violation:
            answers.append(violation)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(acts), "an act broke off"
    return answers


def write(people, at):
    nia = people.actor(people.nia)
    return send_message(pupil=people.mali, parent=people.nia, by=nia, at=at, body="One more.", key=uuid4())


@pytest.mark.policy("PA-9")
def test_f35_what_is_written_while_access_ends_goes_nowhere(evening):
    people, now = evening, scene.now()
    scene.warn(people)
    write(people, now)
    assert Message.objects.waiting().exists()
    for _ in range(8):
        at_once(lambda: write(people, now), lambda: scene.remove(people), lambda: write(people, now))
        assert not Message.objects.filter(author=people.nia, withdrawn_at__isnull=True).exists()
        scene.decide("lift", people.nia, by=people.actor(people.head))


def while_locked(first: Callable[[], object], second: Callable[[], object]) -> object:
    """Return the second act's result, started before the first commits."""
    answers = []

    def run() -> None:
        try:
            answers.append(second())
        except RuleViolation as violation:
            answers.append(violation)
        finally:
            connection.close()

    thread = Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        wait_until_blocked(thread)
    thread.join()
    return answers[0]


def test_two_leaders_decide_one_report_once(evening):
    people, made = evening, scene.report(evening)
    acts = [
        lambda who=who: scene.decide("close", made, by=people.actor(who))
        for who in (people.head, people.deputy)
    ]
    assert "already decided" in str(while_locked(*acts))
    assert Decision.objects.count() == 1


@pytest.mark.policy("PA-9")
def test_two_leaders_remove_one_person_once(evening):
    people = evening
    acts = [
        lambda who=who: scene.remove(people, by=people.actor(who), serious_breach=True)
        for who in (people.head, people.deputy)
    ]
    assert "no access" in str(while_locked(*acts))
    assert Decision.objects.count() == 1


def test_two_requests_to_report_make_one_report(evening):
    people = evening
    message = scene.say(people, staff=people.pritchard)
    Message.objects.filter(pk=message.pk).update(release_at=message.sent_at)
    first, second = at_once(*[lambda: scene.report(people, message, by=people.actor(people.nia))] * 2)
    assert first == second
