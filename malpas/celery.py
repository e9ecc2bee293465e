"""Celery carries nudges: lost, doubled or late at no cost, because Postgres holds everything that matters."""

import os

from celery import Celery
from django.conf import settings

from malpas.beat import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "malpas.settings")

app = Celery("malpas")
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
        "max_retries": 1,
        "retry_policy": {"timeout": 2.0},
    },
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0, "interval_max": 0.2},
    redis_socket_timeout=2,
    redis_socket_connect_timeout=2,
    worker_hijack_root_logger=False,
    task_default_queue="portal",
    beat_schedule_filename=str(settings.BASE_DIR / ".local" / "beat-schedule"),
)
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()

__all__ = ["app"]
