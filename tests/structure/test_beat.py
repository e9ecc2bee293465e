from datetime import date, timedelta

import pytest
from celery.schedules import crontab

from accounts.models.people import StaffMember
from malpas.beat import SCHEDULE
from malpas.celery import app
from tests.rights import as_the_web
from tests.structure.world import make_world


def faults(schedule: dict, tasks: set[str]) -> list[str]:
    """What is wrong with a schedule: tasks that do not exist, and times that are not intervals."""
    unknown = [
        f"{name}: no task {entry['task']}" for name, entry in schedule.items() if entry["task"] not in tasks
    ]
    clocked = [
        f"{name}: not an interval"
        for name, entry in schedule.items()
        if not isinstance(entry["schedule"], timedelta)
    ]
    return unknown + clocked


def test_every_entry_names_a_task_and_is_an_interval():
    app.loader.import_default_modules()
    assert faults(SCHEDULE, set(app.tasks)) == []


def test_a_wrong_entry_is_found():
    wrong = {"a": {"task": "no.such", "schedule": timedelta(1)}, "b": {"task": "x", "schedule": crontab()}}
    assert faults(wrong, {"x"}) == ["a: no task no.such", "b: not an interval"]


def test_every_queue_is_consumed():
    app.loader.import_default_modules()
    used = {getattr(task, "queue", None) or app.conf.task_default_queue for task in app.tasks.values()}
    assert used == {"portal"}
    assert not app.conf.task_routes


def test_celery_counts_in_utc():
    assert (app.conf.timezone, app.conf.enable_utc) == ("UTC", True)


@pytest.mark.parametrize("name", SCHEDULE)
def test_every_entry_needs_no_more_rights_than_a_worker_has(people, clock, name):
    app.loader.import_default_modules()
    make_world(people)
    StaffMember.objects.filter(pk=people.office.pk).update(leaves_on=date(2026, 11, 13))
    clock.set("2026-11-17 15:40")
    with as_the_web():
        app.tasks[SCHEDULE[name]["task"]]()
