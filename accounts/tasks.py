"""Celery tasks of beat: one service each."""

from celery import shared_task

from accounts.clock import school_now
from accounts.notify.outbox import deliver_due
from accounts.staff.services import depart_due


@shared_task
def deliver() -> int:
    """Send mail that is due."""
    return deliver_due()


@shared_task
def end_staff() -> int:
    """End the work of staff whose last day has come."""
    return depart_due(at=school_now())
