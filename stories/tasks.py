"""Nudges from beat and from views."""

from celery import shared_task

from stories import services


@shared_task
def announce() -> int:
    """Tells parents of posts that have gone out."""
    return services.announce_due()
