"""Nudges from beat and from views."""

from celery import shared_task

from stories import services, uploads


@shared_task
def announce() -> int:
    """Tells parents of posts that have gone out."""
    return services.announce_due()


@shared_task
def tend_photos() -> int:
    """Takes away photos that were added and never posted."""
    return uploads.forget_unsent_photos()
