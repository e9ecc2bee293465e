"""Do several things at the same instant, each on a thread and a connection of its own."""

from collections.abc import Callable
from threading import Barrier, Thread

from django.db import connection

from malpas.lib.errors import RuleViolation


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Return what each act answered; a refusal is an answer."""
    answers: dict[int, object] = {}
    gate = Barrier(len(acts))

    def run(number: int) -> None:
        gate.wait()
        try:
            answers[number] = acts[number]()
        except RuleViolation as violation:
            answers[number] = type(violation)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[number]) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(acts), "an act broke off"
    return [answers[number] for number in range(len(acts))]
