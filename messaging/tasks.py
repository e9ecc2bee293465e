"""Nudges from beat: one argument, one service."""

from celery import shared_task

from messaging import services


@shared_task
def announce() -> int:
    """Announces messages that have arrived."""
    return services.announce_due()
