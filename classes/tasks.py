"""Nudges from beat: one argument, one service."""

from celery import shared_task

from classes import services


@shared_task
def tell_of_codes() -> int:
    """Tells the office of codes that somebody guessed at or found."""
    return services.tell_of_codes_due()
