"""Run the periodic services; beat calls these."""

from celery import shared_task

from messaging.attachments.upload import forget_unsent, scan_due
from messaging.conversations.services.scheduling import announce_due


@shared_task
def announce() -> int:
    """Announce messages that have arrived."""
    return announce_due()


@shared_task
def tend_files() -> int:
    """Scan documents that wait for it, and remove unsent files."""
    return scan_due() + forget_unsent()
