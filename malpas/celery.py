"""Configure Celery. It carries nudges, which may be lost, doubled or late: Postgres is the queue."""

import os
import sys
from typing import Any

from celery import Celery, Task
from celery.signals import worker_init
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from kombu.transport.redis import Channel

from malpas.beat import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "malpas.settings")

# A channel that is closed twice while Redis is gone ends the whole worker with an AttributeError if it has a task to
# put back. Nothing needs putting back: every sweep comes again, and what a dead worker held returns by itself later.
Channel.do_restore = False

SWEEPS = {entry["task"]: name for name, entry in SCHEDULE.items()}


class PortalTask(Task):
    """Record when a periodic task succeeds, for the status page."""

    def on_success(self, retval: Any, task_id: str, args: Any, kwargs: Any) -> None:
        from accounts.notify.heartbeat import note_sweep  # the apps are not loaded yet when this module is

        if self.name in SWEEPS:
            note_sweep(SWEEPS[self.name])


app = Celery("malpas", task_cls=PortalTask)
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    timezone="UTC",
    enable_utc=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_time_limit=300,
    task_soft_time_limit=240,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 600,
        "unacked_restore_throttle": 1,
        "socket_timeout": 2,
        "socket_connect_timeout": 2,
        "health_check_interval": 25,
        "max_retries": 1,
        "retry_policy": {"timeout": 2.0},
    },
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_max": 0.2},
    redis_socket_timeout=2,
    redis_socket_connect_timeout=2,
    worker_soft_shutdown_timeout=15,
    worker_lost_wait=1,  # no task has a result that a dead child process could still deliver
    worker_hijack_root_logger=False,
    task_default_queue="portal",
    beat_schedule_filename=str(settings.BASE_DIR / ".local" / "beat-schedule"),
)
app.conf.beat_schedule = SCHEDULE


@worker_init.connect
def check_rights(**_more: object) -> None:
    """Exit when the worker's database role has too many rights; Celery would only log an exception."""
    from malpas.operations.rights import check_at_start

    try:
        check_at_start()
    except ImproperlyConfigured as error:
        sys.exit(str(error))


app.autodiscover_tasks()

__all__ = ["app"]
