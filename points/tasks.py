"""Nudges from beat: one argument, one service."""

from celery import shared_task

from accounts.clock import school_now
from points import services


@shared_task
def notify_families() -> int:
    """Tells families of the school day's points, together, after lessons."""
    return services.notify_families_due(at=school_now())
