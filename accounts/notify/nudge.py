"""Ask a worker for a task now. A lost request costs nothing: beat asks for the same task again."""

import logging
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.cache import cache

from malpas.lib.outage import outage_of

log = logging.getLogger(__name__)
SEND_MAIL = "accounts.tasks.deliver"


def nudge(task: Any) -> None:
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
        log.warning("nudge %s was lost (%s)", getattr(task, "name", task), type(error).__name__)


def nudge_mail() -> None:
    """Ask for the mail that is due. By name: the task imports the outbox, which asks for it."""
    nudge(current_app.signature(SEND_MAIL))
