"""Nudges from beat for what is no single app's."""

import time

from celery import shared_task

from malpas import media


@shared_task
def tidy_media() -> int:
    """Removes uploaded files that no row names and that are older than a day."""
    return media.remove_orphans(time.time())
