"""Nudges from beat and from views: one argument, one service."""

import logging

from celery import shared_task

from accounts import services
from accounts.clock import school_now
from accounts.services.staff import depart_due

log = logging.getLogger(__name__)


@shared_task
def deliver() -> int:
    """Sends mail that is due."""
    return services.deliver_due()


@shared_task
def end_staff() -> int:
    """End the work of staff whose last day has come."""
    return depart_due(at=school_now())


def nudge(task) -> None:
    """Asks for a task now. A dead broker costs nothing: the minute sweep does the same work."""
    try:
        task.delay()
    except Exception as error:
        log.warning("nudge %s was lost (%s)", task.name, type(error).__name__)
