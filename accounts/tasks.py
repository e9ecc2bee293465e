"""Celery tasks of beat and of views: one argument, one service."""

import logging

from celery import shared_task
from django.conf import settings
from django.core.cache import cache

from accounts.clock import school_now
from accounts.notify.outbox import deliver_due
from accounts.staff.services import depart_due
from malpas.lib.outage import outage_of

log = logging.getLogger(__name__)


@shared_task
def deliver() -> int:
    """Send mail that is due."""
    return deliver_due()


@shared_task
def end_staff() -> int:
    """End the work of staff whose last day has come."""
    return depart_due(at=school_now())


def nudge(task) -> None:
    """Ask for a task now; a lost request costs nothing.

    The minute's periodic task does the same work. A broker that has just failed is not asked; one that does
    not answer delays the request by two seconds, once.
    """
    outage = outage_of(settings.CELERY_BROKER_URL)
    if outage.lasts:
        return
    try:
        # Checked first, because Celery tries to connect three times, two seconds each.
        getattr(cache, "shared", cache).has_key("nudge")
        task.apply_async(retry=False)
    except Exception as error:
        outage.begin()
        log.warning("nudge %s was lost (%s)", task.name, type(error).__name__)
