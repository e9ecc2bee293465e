"""Nudges from beat: one argument, one service."""

from celery import shared_task

from messaging.attachments.upload import forget_unsent, scan_due
from messaging.conversations.services.scheduling import announce_due


@shared_task
def announce() -> int:
    """Announces messages that have arrived."""
    return announce_due()


@shared_task
def tend_files() -> int:
    """Lets the scanner look at documents that are held back, and takes away what was never sent."""
    return scan_due() + forget_unsent()
