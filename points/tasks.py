"""Wrap services as Celery tasks."""

from celery import shared_task

from accounts.clock import school_now
from points import services


@shared_task
def notify_families() -> int:
    """Notify families of the school day's points, after lessons."""
    return services.notify_families_due(at=school_now())
