"""Periodic tasks that belong to no single app."""

import time

from celery import shared_task

from malpas.operations import media


@shared_task
def tidy_media() -> int:
    """Remove uploaded files older than a day that no row names."""
    return media.remove_orphans(time.time())
