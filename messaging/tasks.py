"""Nudges from beat: one argument, one service."""

from celery import shared_task

from messaging import services


@shared_task
def announce() -> int:
    """Announces messages that have arrived."""
    return services.announce_due()


@shared_task
def tend_files() -> int:
    """Lets the scanner look at documents that are held back, and takes away what was never sent."""
    return services.scan_due() + services.forget_unsent()
